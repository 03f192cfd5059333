#include "checks/glofox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "checks/judge.hpp"
#include "domain/zone.hpp"
#include "reconcile/eligibility.hpp"
#include "util/text.hpp"

namespace gk::app {

namespace {

std::string quoted(const std::string& text) { return fmt::format("\"{}\"", printable(text)); }

Service glofox_service(const IntegrationFacts& facts) {
  return {"Glofox", facts.glofox_url,
          "check glofox.api_key and glofox.api_token: two different values that belong together, both from "
          "the Glofox developer portal"};
}

/// What the key may see, to spot a mistyped id.
std::string allowed_locations(const IntegrationFacts& facts) {
  if (!facts.allowed || !*facts.allowed) return "";
  const std::vector<Branch>& allowed = **facts.allowed;
  if (allowed.empty()) return ". The key can see no location at all";
  std::vector<std::string> names;
  for (const Branch& branch : allowed) names.push_back(named(branch.name, branch.id.value()));
  return ". The key can see " + listed(std::move(names), 10);
}

/// The error of a location that Glofox does not show has the advice already.
std::string location_fix(const Error& error, const IntegrationFacts& facts) {
  if (error.category != Category::config) return fix_of(error, glofox_service(facts));
  return "correct location_id, or write to Glofox support" + allowed_locations(facts);
}

template <class T, class JudgeValue>
Finding judge_location(const Fact<T>& fact, const IntegrationFacts& facts, const JudgeValue& judge_value) {
  if (fact && !*fact) return failed(fact->error(), location_fix(fact->error(), facts));
  return judge(fact, glofox_service(facts), judge_value);
}

}  // namespace

Finding check_location(const config::Integration&, const IntegrationFacts& facts) {
  return judge_location(facts.branch, facts, [](const Branch& branch) {
    return passed("location " + named(branch.name, branch.id.value()));
  });
}

Finding check_access(const config::Integration&, const IntegrationFacts& facts) {
  return judge_location(facts.members, facts, [](const std::optional<std::size_t>& people) {
    return passed(people ? "the member list can be read: " + counted(*people, "person", "people")
                         : "the member list can be read");
  });
}

Finding check_time_zone(const config::Integration&, const IntegrationFacts& facts) {
  return judge(facts.branch, glofox_service(facts), [](const Branch& branch) {
    const auto zone = Zone::locate(branch.time_zone);
    if (zone) return passed(zone->name());
    return failed(
        zone.error(),
        "correct the time zone of the location in Glofox; if it is right, install or update tzdata");
  });
}

std::vector<std::string> nearest_names(const std::string& entry, const Catalogue& catalogue) {
  constexpr std::size_t k_most = 3;
  std::vector<std::pair<std::size_t, std::string>> ranked;
  const std::string wanted = fold_name(entry);
  for (const PlanNames& plan : catalogue) {
    for (const std::string& name : {plan.membership_name, plan.plan_name}) {
      if (!trim(name).empty()) ranked.emplace_back(edit_distance(wanted, fold_name(name)), trim(name));
    }
  }
  std::ranges::sort(ranked);
  std::vector<std::string> names;
  for (const auto& candidate : ranked) {
    if (names.size() == k_most) break;
    if (std::ranges::find(names, candidate.second) == names.end()) names.push_back(candidate.second);
  }
  return names;
}

Finding check_plans(const config::Integration& integration, const IntegrationFacts& facts) {
  if (integration.memberships.plans.is_any()) return passed("any plan");
  // A sync goes on without the catalogue: only this check needs it.
  if (facts.catalogue && !*facts.catalogue && !ends_run(facts.catalogue->error())) {
    return warned("the plans cannot be checked: " + facts.catalogue->error().message,
                  "compare memberships.plans with the names in Glofox yourself");
  }
  return judge(facts.catalogue, glofox_service(facts), [&](const Catalogue& catalogue) {
    const PlanFilter& wanted = integration.memberships.plans;
    const auto unmatched = wanted.unmatched(catalogue);
    if (unmatched.empty())
      return passed(counted(wanted.entries().size(), "entry", "entries") + " found in the catalogue");
    std::vector<std::string> missing, hints{"correct memberships.plans"};
    for (const std::string& entry : unmatched) {
      missing.push_back(quoted(entry));
      auto near = nearest_names(entry, catalogue);
      std::ranges::transform(near, near.begin(), quoted);
      if (!near.empty())
        hints.push_back(fmt::format("nearest to {}: {}", missing.back(), fmt::join(near, ", ")));
    }
    return warned(fmt::format("the Glofox catalogue has no plan called {}", fmt::join(missing, ", ")),
                  fmt::format("{}", fmt::join(hints, "; ")));
  });
}

Finding check_canaries(const config::Integration& integration, const IntegrationFacts& facts) {
  if (integration.canaries.empty()) return passed("none configured");
  std::vector<std::string> missing;
  for (const CanaryFact& canary : facts.canaries) {
    if (!canary.found) {
      const Category category = canary.found.error().category;
      const bool withheld = category == Category::forbidden || category == Category::not_found;
      if (withheld) {
        return warned("the key is not allowed to search people by e-mail, so the canaries cannot be checked",
                      "make sure in Glofox that each of them belongs to this location");
      }
      return failed(canary.found.error(), fix_of(canary.found.error(), glofox_service(facts)));
    }
    if (canary.found->empty()) missing.push_back(canary.person.email());
  }
  if (facts.canaries.size() < integration.canaries.size()) return skipped("not asked for");
  if (missing.empty()) return passed(counted(facts.canaries.size(), "person", "people") + " found");
  return failed(ExitCode::config,
                fmt::format("Glofox does not know {} at this location; a sync would hold everything",
                            fmt::join(missing, ", ")),
                "correct the e-mail address in canaries, or remove it");
}

}  // namespace gk::app

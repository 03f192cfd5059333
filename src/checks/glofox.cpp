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
  constexpr std::size_t k_shown = 10;
  std::string names;
  for (std::size_t i = 0; i < std::min(allowed.size(), k_shown); ++i)
    names += (i == 0 ? "" : ", ") + named(allowed[i].name, allowed[i].id.value());
  if (allowed.size() > k_shown) names += fmt::format(" and {} more", allowed.size() - k_shown);
  return ". The key can see " + names;
}

/// A location that Glofox does not show has two causes, and only Glofox can mend the second.
std::string location_fix(const Error& error, const config::Integration& integration,
                         const IntegrationFacts& facts) {
  if (error.category != Category::config) return fix_of(error, glofox_service(facts));
  return fmt::format(
      "correct location_id if it is mistyped; otherwise write to Glofox support: \"Please allow location {} "
      "for the integrator that owns our API key\"{}",
      printable(integration.location.value()), allowed_locations(facts));
}

template <class T, class JudgeValue>
Finding judge_location(const Fact<T>& fact, const config::Integration& integration,
                       const IntegrationFacts& facts, const JudgeValue& judge_value) {
  if (fact && !*fact) return failed(fact->error(), location_fix(fact->error(), integration, facts));
  return judge(fact, glofox_service(facts), judge_value);
}

}  // namespace

Finding check_location(const config::Integration& integration, const IntegrationFacts& facts) {
  return judge_location(facts.branch, integration, facts, [&](const Branch& branch) {
    if (branch.id == integration.location) return passed("location " + named(branch.name, branch.id.value()));
    return failed(ExitCode::config,
                  fmt::format("asked for {}, Glofox answered with {}", integration.location.value(),
                              named(branch.name, branch.id.value())),
                  "correct location_id");
  });
}

Finding check_access(const config::Integration& integration, const IntegrationFacts& facts) {
  return judge_location(facts.members, integration, facts, [](const std::optional<std::size_t>& people) {
    return passed(people ? "the member list can be read: " + counted(*people, "person", "people")
                         : "the member list can be read");
  });
}

Finding check_time_zone(const config::Integration&, const IntegrationFacts& facts) {
  return judge(facts.branch, glofox_service(facts), [](const Branch& branch) {
    if (branch.time_zone.empty()) {
      return failed(ExitCode::bad_data, "Glofox has no time zone for the location",
                    "set the time zone of the location in Glofox");
    }
    const auto zone = Zone::locate(branch.time_zone);
    if (zone) return passed(zone->name());
    return failed(zone.error(),
                  "install or update the package tzdata; if the zone does not exist, correct it in Glofox");
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
  if (facts.catalogue && !*facts.catalogue && facts.catalogue->error().category != Category::auth &&
      facts.catalogue->error().category != Category::interrupted) {
    return warned("the plans cannot be checked: " + facts.catalogue->error().message,
                  "compare memberships.plans with the names in Glofox yourself");
  }
  return judge(facts.catalogue, glofox_service(facts), [&](const Catalogue& catalogue) {
    const PlanFilter& wanted = integration.memberships.plans;
    const auto unmatched = wanted.unmatched(catalogue);
    if (unmatched.empty())
      return passed(counted(wanted.entries().size(), "entry", "entries") + " found in the catalogue");
    std::string detail, fix;
    for (const std::string& entry : unmatched) {
      detail += fmt::format("{}\"{}\"", detail.empty() ? "" : ", ", printable(entry));
      std::string near;
      for (const std::string& name : nearest_names(entry, catalogue))
        near += fmt::format("{}\"{}\"", near.empty() ? "" : ", ", printable(name));
      if (!near.empty())
        fix += fmt::format("{}nearest to \"{}\": {}", fix.empty() ? "" : "; ", printable(entry), near);
    }
    return warned("the Glofox catalogue has no plan called " + detail,
                  "correct memberships.plans" + (fix.empty() ? "" : ": " + fix));
  });
}

Finding check_canaries(const config::Integration& integration, const IntegrationFacts& facts) {
  if (integration.canaries.empty()) return passed("none configured");
  std::string missing;
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
    if (canary.found->empty())
      missing += fmt::format("{}{}", missing.empty() ? "" : ", ", canary.person.email());
  }
  if (facts.canaries.size() < integration.canaries.size()) return skipped("not asked for");
  if (missing.empty()) return passed(counted(facts.canaries.size(), "person", "people") + " found");
  return failed(
      ExitCode::config,
      fmt::format("Glofox does not know {} at this location; a sync would hold everything", missing),
      "correct the e-mail address in canaries, or remove it");
}

}  // namespace gk::app

#include "commands/checkin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "app/checkin_cache.hpp"
#include "app/session.hpp"
#include "commands/checkin_input.hpp"
#include "commands/participant.hpp"
#include "kisi/checkin_client.hpp"
#include "kisi/event_sets.hpp"
#include "util/overloaded.hpp"

namespace gk::app {

namespace {

/// A hook that takes longer comes too late; the catch-up from cron does what is left.
constexpr std::chrono::seconds k_hook_deadline{60};
constexpr std::chrono::seconds k_catch_up_deadline = std::chrono::minutes{14};
constexpr std::size_t k_hook_prune = 200;  ///< files of the cache that one hook removes at most

/// Everything that handles unlocks: both services, and the integrations that take part.
struct Handlers {
  Services services;
  kisi::CheckinClient kisi_checkin;
  checkin::KisiLookups lookups;
  std::vector<std::unique_ptr<Participant>> participants;

  Handlers(const Session& session, Services::Options options, checkin::KisiLookups::Memory memory)
      : services(session.make_services(std::move(options))),
        kisi_checkin(services.kisi_transport(), services.kisi(), session.log()),
        lookups(kisi_checkin, std::move(memory)) {}
};

/// One run of checkin.
class CheckinRun {
 public:
  CheckinRun(const Checkin& command, Session& session, CheckinReport& report)
      : command_(command),
        session_(session),
        process_(session.process()),
        report_(report),
        now_(report.started_at) {
    options_.dry_run = command.dry_run;
    options_.needs_cache = std::holds_alternative<CheckinCatchUp>(command.source);
  }

  Result<void> run() {
    GK_TRY(session_.open());
    for (const config::Integration* integration : session_.chosen()) {
      if (takes_part_in_checkin(*integration)) active_.push_back(integration);
    }
    if (active_.empty()) {
      skip_the_others();
      return {};
    }
    GK_TRY(session_.resolve_secrets(
        {.integrations = active_,
         .signature_keys = std::holds_alternative<CheckinDelivery>(command_.source)}));
    return std::visit(Overloaded{[this](const CheckinDelivery& source) { return take_delivery(source); },
                                 [this](const CheckinUnlock& source) { return take_unlock(source); },
                                 [this](const CheckinCatchUp& source) { return catch_up(source); }},
                      command_.source);
  }

 private:
  /// Size, signature, shape, and only then a question to anybody.
  Result<void> take_delivery(const CheckinDelivery& source) {
    GK_TRY_ASSIGN(const std::string body, read_delivery(source, process_));
    GK_TRY_ASSIGN(const auto trusting, verify_delivery(body, source.signature, active_));
    GK_TRY_ASSIGN(const checkin::Unlock unlock, checkin::parse_unlock(body));
    if (unlock.is_unlock()) GK_TRY(checkin::check_time(unlock, now_));
    for (const config::Integration* integration : active_) {
      const bool may_concern = !unlock.place || unlock.place == integration->place;
      const bool trusts = std::ranges::find(trusting, integration) != trusting.end();
      if (!may_concern || trusts) continue;
      return fail(Category::auth, fmt::format("the signature was not made with the checkin.signature_key of "
                                              "integration \"{}\"; nothing was sent",
                                              integration->name));
    }
    handle(*make_handlers(k_hook_deadline), unlock);
    return {};
  }

  Result<void> take_unlock(const CheckinUnlock& source) {
    checkin::Unlock unlock;
    unlock.type = checkin::k_unlock_type;
    unlock.success = true;
    unlock.actor_type = "User";
    unlock.lock = source.lock;
    unlock.at = source.at.value_or(now_);
    if (const auto past = checkin::check_time(unlock, now_); !past) {
      return fail(Category::usage, fmt::format("--at {} is in the future", format_rfc3339(unlock.at)));
    }
    auto handlers = make_handlers(k_hook_deadline);
    if (const auto* id = std::get_if<UserId>(&source.user)) {
      unlock.actor = *id;
    } else {
      unlock.email = std::get<Email>(source.user);
      const auto person = unlock.email.person();
      if (!person) return fail(Category::usage, "--user is not an e-mail address");
      GK_TRY_ASSIGN(const std::optional<User> user, handlers->kisi_checkin.find_user(*person));
      if (user) unlock.actor = user->id;
    }
    // The same command once more is the same unlock.
    unlock.uuid = fmt::format("by-hand {} {} {}", unlock.actor.value_or(UserId()), source.lock,
                              unlock.at.time_since_epoch().count());
    handle(*handlers, unlock);
    return {};
  }

  void handle(Handlers& handlers, const checkin::Unlock& unlock) {
    handlers.participants.front()->report().requests = handlers.services.requests();
    for (const auto& participant : handlers.participants) participant->handle(unlock, now_);
    finish(handlers, k_hook_prune);
  }

  Result<void> catch_up(const CheckinCatchUp& source) {
    auto handlers = make_handlers(k_catch_up_deadline);
    // What is older than every max_age would be ignored, so it need not be asked for.
    const auto span = Window::make(now_ - std::min(source.since, longest_age(session_.config())), now_);
    if (!span) return fail(Category::usage, "--since is too short");
    GK_TRY(handlers->lookups.refresh_own_user());
    kisi::EventSetClient unlock_source(handlers->services.kisi_transport(), process_.clock, session_.log());
    GK_TRY_ASSIGN(checkin::Unlocks unlocks, unlock_source.read_unlocks(*span, common_place(*handlers)));
    std::erase_if(unlocks.usable, [&](const checkin::Unlock& unlock) {
      const bool usable = checkin::check_time(unlock, now_).has_value();
      unlocks.unusable += usable ? 0 : 1;
      return !usable;
    });
    handlers->participants.front()->report().requests = handlers->services.requests();
    std::size_t done = 0;
    for (const checkin::Unlock& unlock : unlocks.usable) {
      if (process_.stop.requested()) break;
      for (const auto& participant : handlers->participants) {
        const bool may_concern = !unlock.place || *unlock.place == participant->integration().place;
        if (may_concern && !participant->has_ended()) participant->handle(unlock, now_);
      }
      session_.progress().update("checkin", ++done, unlocks.usable.size());
    }
    session_.progress().finish();
    tell_about(unlocks, handlers->participants.front()->report());
    finish(*handlers, std::numeric_limits<std::size_t>::max());
    return {};
  }

  static void tell_about(const checkin::Unlocks& unlocks, CheckinIntegration& report) {
    if (unlocks.unusable > 0) {
      report.notices.push_back(
          {"unusable_events",
           fmt::format("{} of Kisi's events could not be read and were left out", unlocks.unusable)});
    }
    if (unlocks.cut_short) {
      report.notices.push_back(
          {"events_cut_short",
           "Kisi has more events in this time than it returns; use a shorter --since, more often"});
    }
  }

  /// The place that Kisi can be asked about, when there is only one.
  static std::optional<PlaceId> common_place(const Handlers& handlers) {
    const std::optional<PlaceId> first = handlers.participants.front()->integration().place;
    const bool common = std::ranges::all_of(handlers.participants, [first](const auto& participant) {
      return participant->integration().place == first;
    });
    return common ? first : std::nullopt;
  }

  std::unique_ptr<Handlers> make_handlers(std::chrono::seconds deadline) {
    const config::Config& config = session_.config();
    auto memory = std::make_shared<checkin::Cache>(checkin_cache(config, *active_.front(), process_.machine));
    const std::string key = fingerprint(config.kisi.api_key.value, config.kisi.base_url);
    checkin::KisiLookups::Memory own_user;
    own_user.recall = [memory, key, now = now_] { return memory->recall_own_user(key, now); };
    if (!command_.dry_run) {
      own_user.remember = [this](UserId user) {
        remember_own_user(session_.config(), active_, user, process_.machine, now_);
      };
    }
    const SteadyTime end = process_.clock.steady_now() + deadline;
    auto handlers = std::make_unique<Handlers>(
        session_, Services::Options{.read_only = command_.dry_run, .deadline = end}, std::move(own_user));
    for (const config::Integration* integration : active_) {
      handlers->participants.push_back(std::make_unique<Participant>(
          *integration, options_, checkin_cache(config, *integration, process_.machine), handlers->services,
          handlers->lookups, session_.log()));
    }
    return handlers;
  }

  void finish(Handlers& handlers, std::size_t prune) {
    for (const auto& participant : handlers.participants) {
      participant->finish(command_.dry_run);
      if (!command_.dry_run) participant->cache().prune(now_, prune);
      report_.integrations.push_back(std::move(participant->report()));
    }
    skip_the_others();
  }

  /// Chosen integrations that take no part; all in the order of the file.
  void skip_the_others() {
    std::vector<CheckinIntegration> sorted;
    for (const config::Integration* integration : session_.chosen()) {
      const auto found =
          std::ranges::find(report_.integrations, integration->name, &CheckinIntegration::name);
      const bool handled = found != report_.integrations.end();
      sorted.push_back(handled ? std::move(*found) : CheckinIntegration{});
      if (!handled) sorted.back().name = integration->name;
    }
    report_.integrations = std::move(sorted);
  }

  const Checkin& command_;
  Session& session_;
  const Process& process_;
  CheckinReport& report_;
  Instant now_;
  checkin::VisitOptions options_;
  std::vector<const config::Integration*> active_;  ///< the chosen ones that take part
};

}  // namespace

CheckinReport run_checkin(const GlobalOptions& global, const Checkin& command, const Process& process,
                          Log& log) {
  CheckinReport report;
  report.dry_run = command.dry_run;
  Session session(report, "checkin", global, process, log);
  const auto done = CheckinRun(command, session, report).run();
  session.close(done, earned_codes(report));
  return report;
}

}  // namespace gk::app

#include "commands/checkin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "app/checkin_jobs.hpp"
#include "app/progress.hpp"
#include "app/run.hpp"
#include "app/services.hpp"
#include "commands/checkin_input.hpp"
#include "kisi/checkin_client.hpp"
#include "kisi/event_sets.hpp"
#include "render/checkin.hpp"
#include "util/overloaded.hpp"

namespace gk::app {

namespace {

/// A hook that takes longer has lost its sense; the catch-up from cron does what is left.
constexpr std::chrono::seconds k_hook_deadline{60};
constexpr std::chrono::seconds k_catch_up_deadline = std::chrono::minutes{14};
constexpr std::size_t k_hook_prune = 200;  ///< files of the cache that one hook removes at most

/// Both services while unlocks are handled.
struct Stage {
  Services services;
  kisi::CheckinClient doors;
  checkin::KisiLookups lookups;
  std::vector<std::unique_ptr<Participant>> participants;

  Stage(const config::Config& config, Services::Options options, Clock& clock, Log& log, const StopFlag& stop,
        checkin::KisiLookups::Memory memory)
      : services(config, std::move(options), clock, log, stop),
        doors(services.kisi_transport(), services.kisi(), log),
        lookups(doors, std::move(memory)) {}
};

/// One run of checkin.
class CheckinRun {
 public:
  CheckinRun(const GlobalOptions& global, const Checkin& command, const Process& process, Log& log)
      : global_(global),
        command_(command),
        process_(process),
        log_(log),
        now_(process.clock.now()),
        progress_(process.err_is_terminal && !global.quiet ? process.err : nullptr, process.clock) {
    options_.dry_run = command.dry_run;
    options_.needs_cache = std::holds_alternative<CheckinPoll>(command.source);
  }

  CheckinReport run() {
    report_.command = "checkin";
    report_.started_at = now_;
    report_.run_id = new_run_id(now_);
    report_.dry_run = command_.dry_run;
    if (auto done = run_all(); !done) report_.error = std::move(done).error();
    report_.finished_at = process_.clock.now();
    report_.exit_code = exit_code();
    return std::move(report_);
  }

 private:
  Result<void> run_all() {
    auto loaded = config::load(global_.config_path, process_.machine);
    report_.config_path = loaded.path;
    GK_TRY(accept_configuration(loaded.faults, loaded.warnings, report_, log_));
    config::Config config = *std::move(loaded.config);
    GK_TRY_ASSIGN(chosen_, config::select_integrations(config, global_.integrations));
    for (const config::Integration* integration : chosen_) {
      if (takes_part_in_checkin(*integration)) active_.push_back(integration);
    }
    config::SecretScope scope;
    scope.integrations = active_;
    scope.kisi = !active_.empty();
    scope.signature_keys = std::holds_alternative<CheckinEvent>(command_.source);
    if (active_.empty()) {
      skip_the_others();
      return {};
    }
    const auto problems = config::resolve_secrets(config, report_.config_path, scope, process_.machine);
    hide_secrets(config, log_);
    GK_TRY(accept_configuration(problems.faults, problems.warnings, report_, log_));
    return std::visit(Overloaded{[&](const CheckinEvent& source) { return take_event(config, source); },
                                 [&](const CheckinUnlock& source) { return take_unlock(config, source); },
                                 [&](const CheckinPoll& source) { return catch_up(config, source); }},
                      command_.source);
  }

  /// Size, signature, shape, and only then a question to anybody.
  Result<void> take_event(const config::Config& config, const CheckinEvent& source) {
    GK_TRY_ASSIGN(const std::string body, read_event_body(source, process_));
    GK_TRY_ASSIGN(const auto trusting, verify_event(body, source.signature, active_));
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
    handle_one(config, unlock);
    return {};
  }

  Result<void> take_unlock(const config::Config& config, const CheckinUnlock& source) {
    checkin::Unlock unlock;
    unlock.type = checkin::k_unlock_type;
    unlock.success = true;
    unlock.actor_type = "User";
    unlock.lock = source.lock;
    unlock.at = source.at.value_or(now_);
    if (const auto past = checkin::check_time(unlock, now_); !past) {
      return fail(Category::usage, fmt::format("--at {} is in the future", format_rfc3339(unlock.at)));
    }
    auto stage = make_stage(config, k_hook_deadline);
    if (const auto* id = std::get_if<UserId>(&source.user)) {
      unlock.actor = *id;
    } else {
      unlock.email = std::get<std::string>(source.user);
      const auto person = PersonKey::from_email(unlock.email);
      if (!person) return fail(Category::usage, "--user is no e-mail address");
      GK_TRY_ASSIGN(const std::optional<User> user, stage->doors.find_user(*person));
      if (user) unlock.actor = user->id;
    }
    // The same command once more is the same unlock.
    unlock.uuid = fmt::format("by-hand {} {} {}", unlock.actor.value_or(UserId()), source.lock,
                              unlock.at.time_since_epoch().count());
    handle_by(*stage, unlock, k_hook_prune);
    return {};
  }

  void handle_one(const config::Config& config, const checkin::Unlock& unlock) {
    auto stage = make_stage(config, k_hook_deadline);
    handle_by(*stage, unlock, k_hook_prune);
  }

  void handle_by(Stage& stage, const checkin::Unlock& unlock, std::size_t prune) {
    stage.participants.front()->report().requests = stage.services.requests();
    for (const auto& participant : stage.participants) participant->handle(unlock, now_);
    finish(stage, prune);
  }

  Result<void> catch_up(const config::Config& config, const CheckinPoll& source) {
    auto stage = make_stage(config, k_catch_up_deadline);
    // What is older than every max_age would be ignored, so it need not be asked for.
    const auto span = Window::make(now_ - std::min(source.since, longest_age(config)), now_);
    if (!span) return fail(Category::usage, "--since is too short");
    GK_TRY(stage->lookups.refresh_own_user());
    kisi::EventSetClient events(stage->services.kisi_transport(), process_.clock, log_);
    GK_TRY_ASSIGN(checkin::Unlocks unlocks, events.read_unlocks(*span, common_place(*stage)));
    std::erase_if(unlocks.events, [&](const checkin::Unlock& unlock) {
      const bool usable = checkin::check_time(unlock, now_).has_value();
      unlocks.unusable += usable ? 0 : 1;
      return !usable;
    });
    stage->participants.front()->report().requests = stage->services.requests();
    std::size_t done = 0;
    for (const checkin::Unlock& unlock : unlocks.events) {
      if (process_.stop.requested()) break;
      for (const auto& participant : stage->participants) {
        const bool may_concern = !unlock.place || *unlock.place == participant->integration().place;
        if (may_concern && !participant->has_ended()) participant->handle(unlock, now_);
      }
      progress_.update("checkin", ++done, unlocks.events.size());
    }
    progress_.finish();
    tell_about(unlocks, stage->participants.front()->report());
    finish(*stage, std::numeric_limits<std::size_t>::max());
    return {};
  }

  static void tell_about(const checkin::Unlocks& unlocks, CheckinIntegration& report) {
    if (unlocks.unusable > 0) {
      report.notices.push_back(
          {"unusable_events", fmt::format("{} of Kisi's events could not be read and were "
                                          "left out",
                                          unlocks.unusable)});
    }
    if (unlocks.cut_short) {
      report.notices.push_back({"events_cut_short",
                                "Kisi has more events of this time than it gives; use a "
                                "shorter --since, more often"});
    }
  }

  /// The place that Kisi can be asked about, when there is only one.
  static std::optional<PlaceId> common_place(const Stage& stage) {
    const auto first = stage.participants.front()->integration().place;
    const bool common = std::ranges::all_of(stage.participants, [first](const auto& participant) {
      return participant->integration().place == first;
    });
    return common ? std::optional<PlaceId>(first) : std::nullopt;
  }

  std::unique_ptr<Stage> make_stage(const config::Config& config, std::chrono::seconds deadline) {
    auto memory = std::make_shared<checkin::Cache>(checkin_cache(config, *active_.front(), process_.machine));
    const std::string key = fingerprint(config.kisi.api_key.value, config.kisi.base_url);
    checkin::KisiLookups::Memory own_user;
    own_user.recall = [memory, key, now = now_] { return memory->recall_own_user(key, now); };
    if (!command_.dry_run) {
      own_user.remember = [this, &config](UserId user) {
        remember_own_user(config, active_, user, process_.machine, now_);
      };
    }
    Services::Options options;
    options.read_only = command_.dry_run;
    options.deadline = process_.clock.steady_now() + deadline;
    options.random = random_source();
    auto stage = std::make_unique<Stage>(config, std::move(options), process_.clock, log_, process_.stop,
                                         std::move(own_user));
    for (const config::Integration* integration : active_) {
      stage->participants.push_back(std::make_unique<Participant>(
          *integration, options_, checkin_cache(config, *integration, process_.machine), stage->services,
          stage->lookups, log_));
    }
    return stage;
  }

  void finish(Stage& stage, std::size_t prune) {
    for (const auto& participant : stage.participants) {
      participant->finish(command_.dry_run);
      if (!command_.dry_run) participant->cache().prune(now_, prune);
      report_.integrations.push_back(std::move(participant->report()));
    }
    skip_the_others();
  }

  /// Chosen integrations that take no part; all in the order of the file.
  void skip_the_others() {
    std::vector<CheckinIntegration> sorted;
    for (const config::Integration* integration : chosen_) {
      const auto same = [integration](const CheckinIntegration& one) {
        return one.name == integration->name;
      };
      const auto found = std::ranges::find_if(report_.integrations, same);
      const bool handled = found != report_.integrations.end();
      sorted.push_back(handled ? std::move(*found) : CheckinIntegration{});
      if (!handled) sorted.back().name = integration->name;
    }
    report_.integrations = std::move(sorted);
  }

  [[nodiscard]] int exit_code() const {
    std::vector<ExitCode> codes;
    if (report_.error && report_.error->category != Category::interrupted)
      codes.push_back(from_category(report_.error->category));
    for (const CheckinIntegration& integration : report_.integrations) {
      for (const ExitCode code : earned_codes(integration)) codes.push_back(code);
    }
    if (process_.stop.requested()) return signal_exit_code(process_.stop.signal());
    return to_int(worst_of(codes));
  }

  const GlobalOptions& global_;
  const Checkin& command_;
  const Process& process_;
  Log& log_;
  Instant now_;
  Progress progress_;
  checkin::VisitOptions options_;
  std::vector<const config::Integration*> chosen_, active_;
  CheckinReport report_;
};

}  // namespace

CheckinReport check_in(const GlobalOptions& global, const Checkin& command, const Process& process,
                       Log& log) {
  return CheckinRun(global, command, process, log).run();
}

int run_checkin(const GlobalOptions& global, const Checkin& command, const Process& process, Log& log) {
  const CheckinReport report = check_in(global, command, process, log);
  if (global.quiet && report.exit_code == 0) return report.exit_code;
  bool printed = true;
  if (global.output == OutputFormat::json) {
    const bool usage_error = report.error && report.error->category == Category::usage;
    if (!usage_error) printed = print(process.out, log.redacted(render_checkin_json(report)));
  } else {
    const std::string text = render_checkin_text(report, wants_color(global, process));
    printed = print(process.out, log.redacted(text));
  }
  static_cast<void>(print(process.err, log.redacted(render_checkin_errors(report))));
  return conclude(report.exit_code, printed, process);
}

}  // namespace gk::app

#include "checks/checkin.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "checkin/cache.hpp"
#include "checkin/unlock.hpp"
#include "checks/judge.hpp"
#include "util/text.hpp"

namespace gk::app {

namespace {

constexpr const char* k_not_enabled = "checkin is not enabled";

bool is_webhook(const kisi::Webhook& webhook) { return webhook.type == "event_webhook"; }

bool posts_unlocks(const kisi::Webhook& webhook) {
  return std::ranges::find(webhook.enabled_events, checkin::k_unlock_type) != webhook.enabled_events.end();
}

bool works(const kisi::Webhook& webhook) {
  return webhook.enabled && !webhook.disabled_due_to_error && posts_unlocks(webhook);
}

Finding judge_webhooks(const config::Integration& integration, const std::vector<kisi::Webhook>& webhooks) {
  constexpr const char* k_guide = "docs/checkin.md shows how to make one";
  const auto label = [](const kisi::Webhook& webhook) {
    return named(webhook.name, fmt::to_string(webhook.id));
  };
  if (const auto good = std::ranges::find_if(webhooks, works); good != webhooks.end())
    return passed(fmt::format("webhook {} posts {}", label(*good), checkin::k_unlock_type));
  if (webhooks.empty()) {
    const std::string detail = "Kisi has no event webhook: check-ins come only from checkin --since";
    if (!integration.signature_key) return warned(detail, k_guide);
    return failed(ExitCode::config, detail + ", although checkin.signature_key is set", k_guide);
  }
  const kisi::Webhook& webhook = webhooks.front();
  if (webhook.disabled_due_to_error) {
    return failed(
        ExitCode::config, fmt::format("Kisi has switched off webhook {} after errors", label(webhook)),
        "make sure that the receiver answers (docs/checkin.md), then enable the webhook again in Kisi");
  }
  if (!webhook.enabled) {
    return failed(ExitCode::config, fmt::format("webhook {} is disabled", label(webhook)),
                  "enable it in Kisi");
  }
  return failed(ExitCode::config,
                fmt::format("webhook {} does not post {}", label(webhook), checkin::k_unlock_type),
                fmt::format("add {} to its events in Kisi", checkin::k_unlock_type));
}

}  // namespace

Result<std::vector<kisi::Webhook>> read_webhooks(kisi::Account& account) {
  GK_TRY_ASSIGN(const std::vector<kisi::Webhook> all, account.read_webhooks());
  std::vector<kisi::Webhook> webhooks;
  for (const kisi::Webhook& webhook : all) {
    if (!is_webhook(webhook)) continue;
    GK_TRY_ASSIGN(kisi::Webhook whole, account.read_webhook(webhook.id));
    webhooks.push_back(std::move(whole));
  }
  return webhooks;
}

std::string cache_problem(const std::string& directory) {
  if (directory.empty()) return checkin::k_no_directory;
  if (const auto root = checkin::files::open_root(directory, false); !root) return root.error().message;
  // If it is not there it will be made: in the nearest directory that is there.
  std::string nearest = directory;
  while (nearest != "/" && ::access(nearest.c_str(), F_OK) != 0)
    nearest.resize(std::max<std::size_t>(nearest.find_last_of('/'), 1));
  if (::access(nearest.c_str(), W_OK | X_OK) == 0) return "";
  return fmt::format("nothing can be created in {}: {}", nearest, std::strerror(errno));
}

Finding check_webhook(const config::Integration& integration, const CheckinFacts& facts) {
  if (!integration.checkin.enabled) return skipped(k_not_enabled);
  if (facts.webhooks && !*facts.webhooks && facts.webhooks->error().category == Category::auth) {
    return warned("the webhooks cannot be read: " + facts.webhooks->error().message,
                  "give the key's user the permission integrations_read, or make sure in the Kisi dashboard "
                  "that a webhook posts lock.unlock and is enabled");
  }
  const Service kisi{"Kisi", "", "check kisi.api_key"};
  return judge(facts.webhooks, kisi, [&](const std::vector<kisi::Webhook>& webhooks) {
    return judge_webhooks(integration, webhooks);
  });
}

Finding check_cache(const config::Integration& integration, const CheckinFacts& facts) {
  if (!integration.checkin.enabled) return skipped(k_not_enabled);
  if (facts.directory_problem.empty()) return passed(facts.directory + " is writable by this user");
  return failed(ExitCode::config,
                facts.directory_problem + "; entries could be repeated, so checkin --since sends none",
                "create the directory checkin.dedupe_dir for this program's user alone: install -d -m 700 -o "
                "glofox-kisi DIRECTORY");
}

Finding check_bookings_route(const config::Integration& integration, const CheckinFacts& facts) {
  if (!integration.checkin.enabled) return skipped(k_not_enabled);
  if (integration.checkin.mode == CheckinMode::access)
    return skipped("mode access does not look up bookings");
  const Service glofox{"Glofox", "", "ask Glofox support to allow /2.0/bookings for the integrator"};
  const bool refused_person = facts.bookings && !*facts.bookings &&
                              (facts.bookings->error().category == Category::rejected ||
                               facts.bookings->error().category == Category::not_found);
  if (refused_person) return passed("the route works (tested with a made-up person)");
  return judge(facts.bookings, glofox,
               [](const std::vector<Booking>&) { return passed("bookings of a person can be read"); });
}

Finding check_writing_routes(const config::Integration& integration) {
  if (!integration.checkin.enabled) return skipped(k_not_enabled);
  const char* routes = "/2.0/access and /2.0/attendances";
  if (integration.checkin.mode == CheckinMode::access) routes = "/2.0/access";
  if (integration.checkin.mode == CheckinMode::attendance) routes = "/2.0/attendances";
  return skipped(
      fmt::format("{} can only be tried by writing, and nothing guarantees that a faulty request writes "
                  "nothing: unlock a door yourself, or use checkin --user --lock",
                  routes));
}

void add_checkin_checks(CheckList& list, const config::Integration& integration, const CheckinFacts& facts) {
  const std::string& name = integration.name;
  list.run("kisi.webhook", "kisi.key", name, [&] { return check_webhook(integration, facts); });
  list.run("checkin.dedupe_dir", "config.file", name, [&] { return check_cache(integration, facts); });
  list.run("checkin.bookings", "glofox.location", name,
           [&] { return check_bookings_route(integration, facts); });
  list.run("checkin.routes", "glofox.location", name, [&] { return check_writing_routes(integration); });
}

}  // namespace gk::app

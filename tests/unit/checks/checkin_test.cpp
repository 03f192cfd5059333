#include "checks/checkin.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "support/door_world.hpp"

namespace gk::app::checks_checkin_test {

namespace {

namespace fs = std::filesystem;

config::Integration enabled(bool keyed) {
  config::Integration integration;
  integration.checkin.enabled = true;
  if (keyed) integration.signature_key.emplace();
  return integration;
}

kisi::Webhook webhook() {
  kisi::Webhook made;
  made.id = 31077;
  made.name = "Unlocks";
  made.type = "event_webhook";
  made.enabled = true;
  made.enabled_events = {"lock.unlock"};
  return made;
}

std::string finding(const std::vector<kisi::Webhook>& webhooks, bool keyed = true) {
  CheckinFacts facts;
  facts.webhooks = webhooks;
  const Finding judged = check_webhook(enabled(keyed), facts);
  CHECK((judged.status == CheckStatus::ok || judged.fix.size() > 0));
  return std::string(status_name(judged.status));
}

}  // namespace

TEST_CASE("a webhook that posts unlocks") {
  CHECK(finding({webhook()}) == "ok");
  CHECK(finding({}) == "fail");
  CHECK(finding({}, false) == "warn");
  kisi::Webhook off = webhook();
  off.enabled = false;
  CHECK(finding({off}) == "fail");
  CHECK(finding({off, webhook()}) == "ok");
  kisi::Webhook broken = webhook();
  broken.disabled_due_to_error = true;
  CHECK(finding({broken}) == "fail");
  kisi::Webhook deaf = webhook();
  deaf.enabled_events = {"user.update"};
  CHECK(finding({deaf}) == "fail");
  CheckinFacts hidden;
  hidden.webhooks = Result<std::vector<kisi::Webhook>>(fail(Category::auth, "HTTP 403"));
  CHECK(check_webhook(enabled(true), hidden).status == CheckStatus::warn);
  CHECK(check_webhook(config::Integration{}, hidden).status == CheckStatus::skipped);
  hidden.webhooks = Result<std::vector<kisi::Webhook>>(fail(Category::unavailable, "HTTP 503"));
  CHECK(check_webhook(enabled(true), hidden).code == ExitCode::unavailable);
  CHECK(check_webhook(enabled(true), CheckinFacts{}).status == CheckStatus::skipped);
}

TEST_CASE("where the cache can be kept") {
  const test::TemporaryDirectory directory;
  const fs::path root = directory.path();
  CHECK(cache_problem((root / "new" / "deep").string()).empty());
  CHECK(cache_problem(root.string()).empty());
  CHECK_FALSE(cache_problem("").empty());
  fs::create_directory(root / "open");
  ::chmod((root / "open").c_str(), 0777);
  CHECK(cache_problem((root / "open").string()) ==
        (root / "open").string() + " is a directory that other users can write to");
  fs::create_directory_symlink(root, root / "link");
  CHECK(cache_problem((root / "link").string()) ==
        (root / "link").string() + " is not a directory, or is a symbolic link");
  {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen((root / "file").c_str(), "w"),
                                                               std::fclose);
  }
  CHECK(cache_problem((root / "file").string()) ==
        (root / "file").string() + " is not a directory, or is a symbolic link");
  CHECK_FALSE(cache_problem((root / "file" / "below").string()).empty());
  CHECK_FALSE(fs::exists(root / "new"));
}

TEST_CASE("routes") {
  CheckinFacts facts;
  facts.bookings = std::vector<Booking>{};
  CHECK(check_bookings_route(enabled(false), facts).status == CheckStatus::ok);
  facts.bookings = Result<std::vector<Booking>>(fail(Category::rejected, "HTTP 400"));
  CHECK(check_bookings_route(enabled(false), facts).status == CheckStatus::ok);
  facts.bookings = Result<std::vector<Booking>>(fail(Category::config, "HTTP 403"));
  CHECK(check_bookings_route(enabled(false), facts).code == ExitCode::config);
  config::Integration access = enabled(false);
  access.checkin.mode = CheckinMode::access;
  CHECK(check_bookings_route(access, facts).status == CheckStatus::skipped);
  CHECK(check_writing_routes(access).status == CheckStatus::skipped);
  CHECK(check_writing_routes(access).detail.find("/2.0/attendances") == std::string::npos);
}

}  // namespace gk::app::checks_checkin_test

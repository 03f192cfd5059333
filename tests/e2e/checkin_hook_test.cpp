#include <sys/resource.h>

#include <chrono>

#include "e2e/checkin_gym.hpp"

// One webhook delivery, as a hook hands it to the real program.
namespace gk::test::checkin_hook_test {

namespace {

/// The body with one text replaced, signed anew.
Delivery changed(const CheckinGym& gym, std::string body, const std::string& from, const std::string& to) {
  const std::size_t at = body.find(from);
  if (at == std::string::npos) FAIL("no " << from << " in " << body);
  body.replace(at, from.size(), to);
  const std::string signature = gym.sign(body);
  return {body, signature};
}

Delivery signed_body(const CheckinGym& gym, const std::string& body) { return {body, gym.sign(body)}; }

}  // namespace

TEST_CASE("an unlock is checked in once, however often it is delivered", "[checkin]") {
  CheckinGym gym;
  const std::string ada = gym.add_member("ada@example.com");
  gym.sync_members();
  const std::string booking = gym.book(ada, 20);
  const Delivery delivery = gym.unlock("ada@example.com");
  CHECK(gym.told(delivery) == "applied");
  CHECK(gym.entries() == 1);
  CHECK(gym.attended(booking));
  for (int i = 0; i < 3; ++i) CHECK(gym.told(delivery) == "ignored duplicate");
  CHECK(gym.entries() == 1);
  CHECK(gym.count("POST", "/2.0/access") == 1);
  const json::Document accesses = parse(gym.get("/accesses"));
  CHECK(text_of(accesses.root().at(0)["user_id"]) == ada);
  CHECK(text_of(accesses.root().at(0)["door"]) == "Front door");
}

TEST_CASE("the report names everything", "[checkin]") {
  CheckinGym gym;
  const std::string ada = gym.add_member("ada@example.com");
  gym.sync_members();
  const std::string booking = gym.book(ada, 20);
  const Ended run = gym.deliver(gym.unlock("ada@example.com", R"(,"uuid":"abc")"), {"--output", "json"});
  require_exit(run, 0);
  const json::Document report = parse(run.out);
  CHECK(text_of(report.root()["command"]) == "checkin");
  const json::View integration = report.root()["integrations"].at(0);
  CHECK(text_of(integration["outcome"]) == "changed");
  const json::View action = integration["actions"].at(0);
  CHECK(text_of(action["action"]) == "checkin");
  CHECK(text_of(action["event_uuid"]) == "abc");
  CHECK(number_of(action["kisi_user_id"]) > 0);
  CHECK(text_of(action["email"]) == "ada@example.com");
  CHECK(text_of(action["glofox_member_id"]) == ada);
  CHECK(number_of(action["lock_id"]) == 18842);
  CHECK(text_of(action["booking_id"]) == booking);
  CHECK(text_of(action["access"]) == "applied");
  CHECK(text_of(action["attendance"]) == "already_done");
  CHECK(number_of(integration["requests"]["kisi"]) == gym.kisi().requests);
  CHECK(number_of(integration["requests"]["glofox"]) == gym.glofox().requests);
}

TEST_CASE("a quiet hook says nothing when all is well", "[checkin]") {
  CheckinGym gym;
  gym.add_member("ada@example.com");
  gym.sync_members();
  const Ended run = gym.deliver(gym.unlock("ada@example.com"), {"--quiet"});
  require_exit(run, 0);
  CHECK(run.out.empty());
  CHECK(run.err.empty());
}

TEST_CASE("a signature that is wrong or missing stops everything", "[checkin]") {
  CheckinGym gym;
  gym.add_member("ada@example.com");
  gym.sync_members();
  const Delivery good = gym.unlock("ada@example.com");
  const std::string other_body = gym.unlock("ada@example.com").body;
  std::string flipped = good.signature;
  flipped.back() = flipped.back() == '0' ? '1' : '0';
  const Delivery wrong[] = {{good.body, ""},
                            {good.body, flipped},
                            {good.body + "\n", good.signature},
                            {other_body, good.signature},
                            {good.body, "sha256="},
                            {"not even JSON", good.signature}};
  for (const Delivery& delivery : wrong) {
    const Ended run = gym.deliver(delivery, {"--output", "json"});
    require_exit(run, 77);
    CHECK(contains(run.err, "error:"));
    CHECK(text_of(parse(run.out).root()["error"]["category"]) == "auth");
  }
  CHECK(gym.kisi().requests + gym.glofox().requests == 0);
  CHECK(gym.remembered_locations() == 0);
  std::string upper = good.signature.substr(7);
  for (char& c : upper) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  CHECK(gym.told({good.body, upper}) == "applied");
}

TEST_CASE("without a key no signature is asked for, and one that comes is not looked at", "[checkin]") {
  CheckinGym gym(R"("mode":"access")", false);
  gym.add_member("ada@example.com");
  gym.sync_members();
  CHECK(gym.told({gym.unlock("ada@example.com").body, ""}) == "applied");
  CHECK(gym.told({gym.unlock("ada@example.com").body, "sha256=00"}) == "ignored duplicate");
}

TEST_CASE("what is no check-in is ignored with its cause", "[checkin]") {
  CheckinGym gym;
  gym.add_member("ada@example.com");
  gym.add_row("foreign@example.com", R"(,"created_by_id":6999999)");
  gym.add_row("former@example.com", fmt::format(R"(,"group_id":{})", k_old_group));
  gym.add_row("ended@example.com", R"(,"valid_until":"2026-01-01T00:00:00Z")");
  gym.add_row("later@example.com", R"(,"valid_from":"2099-01-01T00:00:00Z")");
  gym.sync_members();
  const std::string body = gym.unlock("ada@example.com").body;
  struct Row {
    const char* cause;
    Delivery delivery;
  };
  const Row rows[] = {
      {"not-unlock", gym.unlock("ada@example.com", R"(,"type":"lock.open")")},
      {"denied", gym.unlock("ada@example.com", R"(,"success":false)")},
      {"other-place", gym.unlock("ada@example.com", R"(,"lock_id":18850)")},
      {"other-place", changed(gym, body, R"("object_id":18842)", R"("object_id":18850)")},
      {"other-place", changed(gym, body, R"("object_id":18842)", R"("object_id":99)")},
      {"not-a-user", gym.unlock("ada@example.com", R"(,"actor_type":"Guest")")},
      {"not-ours", gym.unlock("foreign@example.com")},
      {"not-ours", gym.unlock("former@example.com")},
      {"not-ours", gym.unlock("ended@example.com")},
      {"not-ours", gym.unlock("later@example.com")},
      {"too-old", gym.unlock("ada@example.com", fmt::format(R"(,"at":"{}")", time_from_now(-24 * 60 - 1)))},
  };
  for (const Row& row : rows) {
    INFO(row.delivery.body);
    CHECK(gym.told(row.delivery) == std::string("ignored ") + row.cause);
  }
  CHECK(gym.entries() == 0);
  CHECK(gym.writes() == 0);
}

TEST_CASE("what the event says of itself is judged before anybody is asked", "[checkin]") {
  CheckinGym gym;
  gym.add_member("ada@example.com");
  gym.sync_members();
  for (const char* more : {R"(,"success":false)", R"(,"type":"lock.open")", R"(,"actor_type":"Guest")",
                           R"(,"lock_id":18850)", R"(,"at":"2026-01-01T00:00:00Z")"}) {
    CHECK(gym.told(gym.unlock("ada@example.com", more)).starts_with("ignored"));
  }
  CHECK(gym.kisi().requests + gym.glofox().requests == 0);
}

TEST_CASE("bad input never crashes and never sends", "[checkin]") {
  CheckinGym gym;
  gym.add_member("ada@example.com");
  gym.sync_members();
  const std::string body = gym.unlock("ada@example.com").body;
  std::string large = body;
  large.resize((std::size_t{64} << 10U) + 1, ' ');
  const Delivery unusable[] = {
      signed_body(gym, ""),
      signed_body(gym, "uuid=1&type=lock.unlock"),
      signed_body(gym, "[" + body + "]"),
      signed_body(gym, "\"lock.unlock\""),
      signed_body(gym, "{}"),
      signed_body(gym, body + std::string(1, '\0')),
      signed_body(gym, body + body),
      signed_body(gym, std::string(60000, '[')),
      signed_body(gym, large),
      changed(gym, body, R"("success":true)", R"("success":"true")"),
      changed(gym, body, R"("type":"lock.unlock")", R"("type":["lock.unlock"])"),
      changed(gym, body, R"("created_at":")", R"("created_at":"2099)"),
      signed_body(
          gym,
          R"({"uuid":"x","type":"lock.unlock","success":true,"actor_type":"User","actor_id":1,)"
          R"("object_type":"Lock","object_id":18842,"place_id":22801,"created_at":"2099-01-01T00:00:00Z"})"),
  };
  for (const Delivery& delivery : unusable) {
    INFO(delivery.body.substr(0, 200));
    const Ended run = gym.deliver(delivery);
    require_exit(run, 65);
    CHECK(contains(run.err, "the event cannot be used"));
  }
  CHECK(gym.kisi().requests + gym.glofox().requests == 0);
  // The same limit, one byte less.
  large.pop_back();
  CHECK(gym.told(signed_body(gym, large)) == "applied");
}

TEST_CASE("odd but usable input", "[checkin]") {
  CheckinGym gym(R"("mode":"access","debounce":"0s")");
  gym.add_member("ada@example.com");
  gym.sync_members();
  const std::string body = gym.unlock("ada@example.com", R"(,"uuid":"plain")").body;
  CHECK(gym.told(signed_body(gym, "\xEF\xBB\xBF" + body)) == "applied");
  CHECK(gym.told(changed(gym, body, R"("object_id":18842)", R"("object_id":"18842")")) ==
        "ignored duplicate");
  CHECK(gym.told(changed(gym, body, "\"plain\"", R"("../../../../../../tmp/glofox-kisi-escape")")) ==
        "applied");
  CHECK(gym.told(changed(gym, body, "\"plain\"", R"("a\u0000b/..")")) == "applied");
  CHECK(gym.told(changed(gym, body, "\"plain\"", R"("extra","new_key":{"deep":[1]})")) == "applied");
  const Delivery hostile = changed(gym, changed(gym, body, "\"plain\"", "\"esc\"").body, "Front door",
                                   R"(\u001b[2J\u0007Front\ndoor)");
  const Ended run = gym.deliver(hostile);
  require_exit(run, 0);
  CHECK_FALSE(contains(run.out + run.err, "\x1b"));
  CHECK(gym.entries() == 5);
  CHECK_FALSE(std::filesystem::exists("/tmp/glofox-kisi-escape"));
  for (const auto& entry : std::filesystem::directory_iterator(gym.directory()))
    CHECK_FALSE(contains(entry.path().filename().string(), "escape"));
  CHECK_FALSE(contains(gym.get("/accesses"), "\\u001B"));
}

TEST_CASE("files and streams that cannot be read", "[checkin]") {
  CheckinGym gym;
  gym.add_member("ada@example.com");
  gym.sync_members();
  const Delivery delivery = gym.unlock("ada@example.com");
  const auto with_file = [&](const std::string& file) {
    return run_program(gym.checkin({"--event", file, "--signature", delivery.signature}));
  };
  require_exit(with_file((gym.directory() / "missing").string()), 64);
  require_exit(with_file(gym.directory().string()), 64);
  Program closed = gym.checkin({});
  std::string command = "exec \"$0\" \"$@\" <&-";
  closed.argv = {"/bin/sh",         "-c",      command, GK_BINARY,     "checkin",         "--config",
                 gym.config_path(), "--event", "-",     "--signature", delivery.signature};
  require_exit(run_program(closed), 65);
  const std::string file = gym.write_file("event.json", delivery.body);
  require_exit(with_file(file), 0);
  CHECK(gym.entries() == 1);
}

TEST_CASE("a hook is cheap", "[checkin]") {
  for (const std::string mode : {"access", "attendance", "both"}) {
    for (const std::string marks : {"always", "never"}) {
      CAPTURE(mode, marks);
      CheckinGym gym(fmt::format(R"("mode":"{}","debounce":"0s")", mode));
      gym.set_switch("access_marks", marks);
      const std::string ada = gym.add_member("ada@example.com");
      gym.sync_members();
      const std::string booking = gym.book(ada, 20);
      // The very first delivery: the sync has left a note of whose the key is.
      CHECK(gym.told(gym.unlock("ada@example.com")) == "applied");
      CHECK(gym.attended(booking) == (mode != "access" || marks == "always"));
      CHECK(gym.kisi().requests <= 3);
      CHECK(gym.glofox().requests <= 3);
      for (const JournalEntry& entry : gym.journal()) {
        CHECK_FALSE(entry.path.ends_with("/2.0/members"));
        CHECK_FALSE(contains(entry.query, "applies_to_id"));
      }
    }
  }
}

#ifndef GK_SANITIZED
TEST_CASE("a hook takes little time of the processor", "[checkin][serial]") {
  constexpr int k_runs = 10;
  CheckinGym gym(R"("mode":"both","debounce":"0s")");
  gym.add_member("ada@example.com");
  gym.sync_members();
  const auto spent = [] {
    struct rusage usage {};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    return std::chrono::seconds{usage.ru_utime.tv_sec + usage.ru_stime.tv_sec} +
           std::chrono::microseconds{usage.ru_utime.tv_usec + usage.ru_stime.tv_usec};
  };
  std::vector<Delivery> deliveries;
  for (int i = 0; i < k_runs; ++i) deliveries.push_back(gym.unlock("ada@example.com"));
  const auto before = spent();
  for (int i = 0; i < k_runs; ++i) require_exit(run_program(gym.product({"--version"})), 0);
  const auto started = spent() - before;
  for (const Delivery& delivery : deliveries) require_exit(gym.deliver(delivery, {"--quiet"}), 0);
  // What starting any program costs on this machine, its libraries and all, is not the hook's.
  const auto own = (spent() - before - started - started) / k_runs;
  INFO("start " << started.count() / k_runs << " us, on top of it " << own.count() << " us");
  CHECK(gym.entries() == k_runs);
  CHECK(own < std::chrono::milliseconds{20});
}
#endif

TEST_CASE("a hook neither takes the lock of a sync nor waits for it", "[checkin][serial]") {
  CheckinGym gym;
  gym.add_member("ada@example.com");
  gym.sync_members();
  gym.add_member("bo@example.com");
  gym.add_fault(R"({"service":"glofox","path":"2.0/members\\?","kind":"latency","ms":4000,"count":1})");
  Process sync(gym.sync_program());
  REQUIRE(happens_within(std::chrono::seconds{10},
                         [&] { return gym.get("/journal").find("branches") != std::string::npos; }));
  const Delivery delivery = gym.unlock("ada@example.com");
  require_exit(gym.deliver(delivery), 0);
  CHECK(sync.is_running());
  CHECK(gym.entries() == 1);
  require_exit(sync.wait(), 0);
}

TEST_CASE("services that fail", "[checkin]") {
  struct Row {
    const char* name;
    const char* fault;
    int code;
    std::size_t entries_after;  ///< once the fault is gone and the event came again
  };
  const Row rows[] = {
      {"Kisi is down", R"({"service":"kisi","kind":"status","status":503})", 69, 1},
      {"Kisi refuses the key", R"({"service":"kisi","kind":"status","status":401})", 77, 1},
      {"Kisi talks nonsense", R"({"service":"kisi","path":"locks","kind":"malformed"})", 65, 1},
      {"the entry is refused", R"({"service":"glofox","path":"access","kind":"status","status":400})", 3, 1},
      {"the entry is forbidden", R"({"service":"glofox","path":"access","kind":"status","status":403})", 3,
       1},
      {"the credentials are refused", R"({"service":"glofox","path":"access","kind":"status","status":401})",
       77, 1},
      {"the entry got lost", R"({"service":"glofox","path":"access","kind":"reset_before"})", 3, 0},
      {"the answer got lost", R"({"service":"glofox","path":"access","kind":"reset_after"})", 3, 1},
      {"an answer after trouble",
       R"({"service":"glofox","path":"access","kind":"status","status":503,"after":true})", 3, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CheckinGym gym(R"("mode":"access")");
    gym.add_member("ada@example.com");
    gym.sync_members();
    const Delivery delivery = gym.unlock("ada@example.com");
    gym.add_fault(row.fault);
    require_exit(gym.deliver(delivery), row.code);
    CHECK(gym.count("POST", "/2.0/access") <= 1);
    gym.clear_faults();
    require_exit(gym.deliver(delivery), 0);
    CHECK(gym.entries() == row.entries_after);
  }
}

TEST_CASE("fifty deliveries at once", "[checkin]") {
  CheckinGym gym(R"("mode":"both")");
  const std::string ada = gym.add_member("ada@example.com");
  gym.add_member("bo@example.com");
  gym.sync_members();
  const std::string booking = gym.book(ada, 20);
  gym.set_switch("access_marks", "never");
  const Delivery same = gym.unlock("ada@example.com");
  gym.writes_config = false;  // it stands already, and fifty programs read it meanwhile
  std::vector<Process> running;
  for (int i = 0; i < 50; ++i) {
    // Half of them one event, half the two doors of somebody else.
    const Delivery delivery =
        i % 2 == 0 ? same : gym.unlock("bo@example.com", i % 4 == 1 ? "" : R"(,"lock_id":18843)");
    running.emplace_back(gym.checkin({"--event", "-", "--signature", delivery.signature}, delivery.body));
  }
  for (Process& process : running) require_exit(process.wait(), 0);
  CHECK(gym.entries() == 2);
  CHECK(gym.attended(booking));
  CHECK(gym.count("POST", "/2.0/attendances") == 1);
}

TEST_CASE("without a usable cache a hook warns and checks in all the same", "[checkin]") {
  CheckinGym gym(R"("mode":"access")");
  gym.add_member("ada@example.com");
  gym.write_file("checkins", "a file in the way");
  gym.sync_members();
  const Ended run = gym.deliver(gym.unlock("ada@example.com"));
  require_exit(run, 0);
  CHECK(contains(run.err, "warning"));
  CHECK(contains(run.err, "cache"));
  CHECK(gym.entries() == 1);
  const Ended caught_up = gym.catch_up();
  require_exit(caught_up, 3);
  CHECK(gym.entries() == 1);
}

TEST_CASE("on a full disk a hook warns and checks in all the same, a catch-up does not", "[checkin]") {
  CheckinGym gym(R"("mode":"access")");
  gym.add_member("ada@example.com");
  gym.add_member("bo@example.com");
  gym.sync_members();
  // Files can be made, but nothing can be written into them: what a full disk does.
  const auto without_room = [](Program program) {
    program.argv.insert(program.argv.begin(), {"/bin/bash", "-o", "pipefail", "-c",
                                               R"((trap '' XFSZ; ulimit -f 0; exec "$0" "$@") 2>&1 | cat)"});
    return run_program(program);
  };
  const auto deliver = [&gym](const Delivery& delivery) {
    return gym.checkin({"--event", "-", "--signature", delivery.signature}, delivery.body);
  };
  const Delivery ada = gym.unlock("ada@example.com");
  const Ended run = without_room(deliver(ada));
  require_exit(run, 0);
  CHECK(contains(run.out, "warning"));
  CHECK(contains(run.out, "cache"));
  CHECK(gym.entries() == 1);
  const Ended caught_up = without_room(gym.checkin({"--since", "1h"}));
  require_exit(caught_up, 3);
  CHECK(gym.entries() == 1);
  // A sync writes nothing but a note for hooks, and does its work without it.
  require_exit(without_room(gym.sync_program()), 0);
  // With room again everything is as ever. Ada's entry was not written down, so the same delivery repeats it,
  // once.
  CHECK(gym.told(gym.unlock("bo@example.com")) == "applied");
  for (int i = 0; i < 2; ++i) require_exit(run_program(deliver(ada)), 0);
  CHECK(gym.entries() == 3);
}

}  // namespace gk::test::checkin_hook_test

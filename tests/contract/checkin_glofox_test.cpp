#include <catch2/catch.hpp>

#include "contract/sandbox_glofox.hpp"
#include "glofox/checkin_client.hpp"
#include "support/builders.hpp"

// The writes of check-in, in every setting of the switches about them.
namespace gk::test::checkin_glofox_test {

namespace {

using namespace std::chrono_literals;

const Instant k_unlock{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

struct SandboxDesk {
  SandboxGlofox gym;
  std::unique_ptr<glofox::CheckinClient> desk;
  MemberId ada{};

  explicit SandboxDesk(const std::vector<std::string>& settings = {}) : gym(arguments(settings)) {
    desk = std::make_unique<glofox::CheckinClient>(gym.stack->transport(), *gym.client,
                                                   BranchId("64b0c0ffee00000000000b01"));
    const auto person = gym.sandbox.post(
        "/people", R"({"email":"ada@example.com","membership":{"type":"time","status":"ACTIVE"}})");
    ada = *MemberId::parse(person.root()["_id"].as_string().value());
  }
  static std::vector<std::string> arguments(const std::vector<std::string>& settings) {
    std::vector<std::string> all{"--people", "0", "--now", "2026-03-01T12:00:00Z"};
    for (const std::string& setting : settings) all.insert(all.end(), {"--switch", setting});
    return all;
  }
  BookingId book(Instant start, const std::string& more = {}) {
    const auto row =
        gym.sandbox.post("/bookings", fmt::format(R"({{"user_id":"{}","time_start":{},"time_finish":{}{}}})",
                                                  ada, start.time_since_epoch().count(),
                                                  (start + 1h).time_since_epoch().count(), more));
    return BookingId(std::string(row.root()["_id"].as_string().value()));
  }
  Result<checkin::EntryReceipt> enter() { return desk->record_entry({ada, k_unlock, "Front door"}); }
  std::size_t entries() { return gym.sandbox.get("/accesses").root().size(); }
  bool attended(const BookingId& booking) {
    return gym.sandbox.get("/bookings/" + booking.value()).root()["attended"].as_bool().value();
  }
  std::size_t requests() { return gym.sandbox.count_requests("glofox"); }
};

/// "ok", or the category with "?" when nobody knows what became of it.
template <class T>
std::string told(const Result<T>& result) {
  if (result) return "ok";
  return fmt::format("{}{}", category_name(result.error().category),
                     result.error().outcome_unknown ? "?" : "");
}

}  // namespace

TEST_CASE("an entry says who, when and where", "[checkin]") {
  SandboxDesk glofox;
  const auto receipt = glofox.enter();
  REQUIRE(receipt.has_value());
  CHECK(receipt->granted);
  const auto accesses = glofox.gym.sandbox.get("/accesses");
  REQUIRE(accesses.root().size() == 1);
  const json::View entry = accesses.root().at(0);
  CHECK(entry["user_id"].as_string() == glofox.ada.text());
  CHECK(entry["branch_id"].as_string() == "64b0c0ffee00000000000b01");
  CHECK(entry["entry_at"].as_integer() == k_unlock.time_since_epoch().count());
  CHECK(entry["status"].as_string() == "GRANTED");
  CHECK(entry["door"].as_string() == "Front door");
  CHECK(entry["door_type"].as_string() == "external");
}

TEST_CASE("entries of the same moment and of people whom Glofox does not know", "[checkin]") {
  struct Row {
    const char* setting;
    const char* second;
    std::size_t entries;
  };
  const Row row = GENERATE(Row{"access_repeat=new_entry", "ok", 2}, Row{"access_repeat=same_entry", "ok", 1},
                           Row{"access_repeat=refused", "rejected", 1});
  CAPTURE(row.setting);
  SandboxDesk glofox({row.setting});
  CHECK(told(glofox.enter()) == "ok");
  CHECK(told(glofox.enter()) == row.second);
  CHECK(glofox.entries() == row.entries);
}

TEST_CASE("nobody is refused, and that is known", "[checkin]") {
  const std::string setting =
      GENERATE("access_unknown_user=success_false", "access_unknown_user=400", "access_unknown_user=404");
  SandboxDesk glofox({setting});
  const auto receipt = glofox.desk->record_entry({member_id(99), k_unlock, "Front door"});
  REQUIRE_FALSE(receipt.has_value());
  CHECK_FALSE(receipt.error().outcome_unknown);
  CHECK(glofox.entries() == 0);
}

TEST_CASE("a write is sent once, and what is not known is told as unknown", "[checkin]") {
  struct Row {
    const char* fault;
    const char* told;
    std::size_t entries;
  };
  const Row row = GENERATE(
      Row{R"("kind":"status","status":503)", "unavailable?", 0},
      Row{R"("kind":"status","status":503,"after":true)", "unavailable?", 1},
      Row{R"("kind":"html502","after":true)", "unavailable?", 1},
      Row{R"("kind":"reset_before")", "unavailable?", 0}, Row{R"("kind":"reset_after")", "unavailable?", 1},
      Row{R"("kind":"truncated")", "unavailable?", 1}, Row{R"("kind":"malformed")", "protocol?", 1},
      Row{R"("kind":"body","body":{"success":true})", "protocol?", 1},
      Row{R"("kind":"success_false")", "rejected", 0}, Row{R"("kind":"status","status":401)", "auth", 0},
      Row{R"("kind":"status","status":403)", "forbidden", 0},
      Row{R"("kind":"status","status":400)", "rejected", 0});
  CAPTURE(row.fault);
  SandboxDesk glofox;
  glofox.gym.add_fault(fmt::format(R"({{"service":"glofox","path":"access",{}}})", row.fault));
  glofox.requests();
  CHECK(told(glofox.enter()) == row.told);
  CHECK(glofox.requests() == 1);
  if (row.entries == 0) CHECK(glofox.entries() == 0);
  if (std::string_view(row.fault).find("after") != std::string_view::npos)
    CHECK(glofox.entries() == row.entries);
}

TEST_CASE("a 429 was not processed, so the entry is sent again", "[checkin]") {
  SandboxDesk glofox;
  glofox.gym.add_fault(R"({"service":"glofox","path":"access","kind":"status","status":429,"count":2})");
  CHECK(told(glofox.enter()) == "ok");
  CHECK(glofox.entries() == 1);
}

TEST_CASE("a booking is marked by its id", "[checkin]") {
  SandboxDesk glofox;
  const BookingId booking = glofox.book(k_unlock);
  const BookingId other = glofox.book(k_unlock + 2h);
  const auto marked = glofox.desk->mark_attended(booking);
  REQUIRE(marked.has_value());
  CHECK(*marked);
  CHECK(glofox.attended(booking));
  CHECK_FALSE(glofox.attended(other));
  const auto bookings =
      glofox.desk->read_bookings_of(glofox.ada, *Window::make(k_unlock - 1h, k_unlock + 1h));
  REQUIRE(bookings.has_value());
  REQUIRE(bookings->size() == 1);
  CHECK(bookings->front().attended);
  CHECK(bookings->front().start == k_unlock);
}

TEST_CASE("a booking that is attended already", "[checkin]") {
  struct Row {
    const char* setting;
    const char* told;
  };
  const Row row = GENERATE(Row{"attendance_repeat=ok", "yes"}, Row{"attendance_repeat=omitted", "no"},
                           Row{"attendance_repeat=refused", "rejected"});
  SandboxDesk glofox({row.setting});
  const BookingId booking = glofox.book(k_unlock, R"(,"attended":true)");
  const auto marked = glofox.desk->mark_attended(booking);
  CHECK((marked ? (*marked ? "yes" : "no") : told(marked)) == row.told);
}

TEST_CASE("a booking that Glofox does not know", "[checkin]") {
  SandboxDesk glofox;
  CHECK(told(glofox.desk->mark_attended(BookingId("65ee00000000000000000099"))) == "rejected");
}

TEST_CASE("entries that mark bookings by themselves, or do not", "[checkin]") {
  for (const bool marks : {true, false}) {
    SandboxDesk glofox({marks ? "access_marks=always" : "access_marks=never"});
    const BookingId booking = glofox.book(k_unlock + 30min);
    CHECK(told(glofox.enter()) == "ok");
    CHECK(glofox.attended(booking) == marks);
  }
}

TEST_CASE("a person by id", "[checkin]") {
  SandboxDesk glofox;
  const auto known = glofox.desk->read_member(glofox.ada);
  REQUIRE(known.has_value());
  CHECK((*known)->email == "ada@example.com");
  const auto unknown = glofox.desk->read_member(member_id(99));
  REQUIRE(unknown.has_value());
  CHECK_FALSE(unknown->has_value());
}

}  // namespace gk::test::checkin_glofox_test

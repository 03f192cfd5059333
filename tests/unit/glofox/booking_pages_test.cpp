#include <catch2/catch.hpp>

#include "unit/glofox/scripted_glofox.hpp"

namespace gk::glofox::booking_pages_test {

using namespace gk::glofox::testing;

// Everybody's bookings, in the format of the branch's list (glofox-api 5.1). The branch is in New York: UTC-4
// in March.

namespace {

const std::string k_path = "GET /2.2/branches/64b0c0ffee00000000000b01/bookings";
const std::string k_events = "GET /2.0/branches/64b0c0ffee00000000000b01/events";

Window march_tenth() {
  return Window::make(*parse_rfc3339("2026-03-10T00:00:00Z"), *parse_rfc3339("2026-03-11T12:00:00Z")).value();
}

std::string booking_id(std::size_t number) { return fmt::format("65ee{:020x}", number); }

/// `rest` are the fields behind the ids.
std::string row(std::size_t number, const std::string& rest, const std::string& status = "BOOKED") {
  return fmt::format(R"({{"_id":"{}","user_id":"{}","branch_id":"{}","status":"{}",{}}})", booking_id(number),
                     member_id(number), k_branch.value(), status, rest);
}

std::string evening(std::size_t number, const std::string& status = "BOOKED") {
  return row(number, R"("time_start":"2026-03-10 18:00:00","time_finish":"2026-03-10 19:00:00")", status);
}

/// Envelope B.
std::string list(const std::vector<std::string>& rows, std::optional<std::size_t> total = {},
                 std::size_t page = 1) {
  return fmt::format(R"({{"success":true,"data":[{}],"meta":{{"totalCount":{},"page":{},"limit":100}}}})",
                     fmt::join(rows, ","), total.value_or(rows.size()), page);
}

std::string shown(const Result<reconcile::BookingSnapshot>& snapshot) {
  if (!snapshot)
    return std::string(category_name(snapshot.error().category)) + ": " + snapshot.error().message;
  std::string text;
  for (const Booking& booking : value_of(snapshot->bookings)) {
    text += fmt::format("{}{} {}+{}m{}", text.empty() ? "" : ", ", booking.id.value().back(),
                        format_rfc3339(booking.start), (booking.end - booking.start).count() / 60,
                        booking.end_known ? "" : "?");
  }
  if (const Error* reason = incomplete_because(snapshot->bookings)) text += " partial: " + reason->message;
  if (!snapshot->unreadable.empty()) text += fmt::format(" unreadable {}", snapshot->unreadable.size());
  return text;
}

std::string read(const std::vector<std::string>& rows) {
  ScriptedGlofox gym(0);
  gym.transport().script(k_path, test::answer(200, list(rows)));
  return shown(gym.client().read_bookings(march_tenth(), BookingStatus::booked));
}

}  // namespace

TEST_CASE("everybody's bookings are asked for a day wider than wanted, with the branch at the same time") {
  ScriptedGlofox gym(0);
  gym.transport().script(k_path, test::answer(200, list({evening(1)})));
  CHECK(shown(gym.client().read_bookings(march_tenth(), BookingStatus::booked)) ==
        "1 2026-03-10T22:00:00Z+60m");
  REQUIRE(gym.transport().requests.size() == 2);
  CHECK(gym.transport().max_running == 2);
  const http::Request& request = gym.transport().requests[1];
  CHECK(param(request, "status") == "BOOKED");
  CHECK(param(request, "time_start_start_date") == "1773014400");  // 2026-03-09T00:00:00Z
  CHECK(param(request, "time_start_end_date") == "1773316800");    // 2026-03-12T12:00:00Z
  CHECK(param(request, "limit") == "100");
}

TEST_CASE("only places that are booked, of this branch and in the span, count") {
  struct Row {
    const char* name;
    std::string row;
    const char* shown;
  };
  const std::string times = R"("time_start":"2026-03-10 18:00:00","time_finish":"2026-03-10 19:00:00")";
  const Row rows[] = {
      {"booked", evening(1), "1 2026-03-10T22:00:00Z+60m"},
      {"in lower case", row(1, times, "booked"), "1 2026-03-10T22:00:00Z+60m"},
      {"waiting list", evening(1, "WAITING"), ""},
      {"cancelled", evening(1, "CANCELED"), ""},
      {"reserved", evening(1, "RESERVED"), ""},
      {"failed", evening(1, "FAILED"), ""},
      {"a word nobody knows", evening(1, "MAYBE"), ""},
      {"unpaid is normal for credits", row(1, times + R"(,"paid":false)"), "1 2026-03-10T22:00:00Z+60m"},
      {"an unknown type", row(1, times + R"(,"type":"sauna","model":"sauna")"), "1 2026-03-10T22:00:00Z+60m"},
      {"of another branch",
       R"({"_id":"65ee00000000000000000001","user_id":"65aa00000000000000000001","branch_id":"64b0c0ffee00000000000b02",
           "status":"BOOKED","time_start":"2026-03-10 18:00:00"})",
       ""},
      {"nobody's",
       R"({"_id":"65ee00000000000000000001","status":"BOOKED","time_start":"2026-03-10 18:00:00"})", ""},
      {"before the span", row(1, R"("time_start":"2026-03-09 19:59:59")"), ""},
      {"at its first second", row(1, R"("time_start":"2026-03-09 20:00:00")"), "1 2026-03-10T00:00:00Z+60m?"},
      {"after the span", row(1, R"("time_start":"2026-03-11 08:00:00")"), ""},
      {"in 1970", row(1, R"("time_start":"1970-01-01 10:00:00")"), ""},
      {"in a far year", row(1, R"("time_start":"9999-12-31 23:59:59")"), ""},
  };
  for (const Row& one : rows) {
    CAPTURE(one.name);
    CHECK(read({one.row}) == one.shown);
  }
}

TEST_CASE("times come in many forms, and ends may be missing or wrong") {
  struct Row {
    const char* name;
    std::string times;
    const char* shown;
  };
  const Row rows[] = {
      {"wall clock", R"("time_start":"2026-03-10 18:00:00","time_finish":"2026-03-10 19:30:00")", "+90m"},
      {"without seconds", R"("time_start":"2026-03-10 18:00","time_finish":"2026-03-10 19:00")", "+60m"},
      {"with a T", R"("time_start":"2026-03-10T18:00:00","time_finish":"2026-03-10T19:00:00")", "+60m"},
      {"ISO with an offset",
       R"("time_start":"2026-03-10T22:00:00Z","time_finish":"2026-03-10T19:00:00-04:00")", "+60m"},
      {"epoch", R"("time_start":1773180000,"duration":45.0)", "+45m"},
      {"across midnight", R"("time_start":"2026-03-10 18:00:00","time_finish":"2026-03-11 02:00:00")",
       "+480m"},
      {"no end", R"("time_start":"2026-03-10 18:00:00")", "+60m?"},
      {"an end that is null", R"("time_start":"2026-03-10 18:00:00","time_finish":null)", "+60m?"},
      {"the end at the start", R"("time_start":"2026-03-10 18:00:00","time_finish":"2026-03-10 18:00:00")",
       "+60m?"},
      {"the end before the start",
       R"("time_start":"2026-03-10 18:00:00","time_finish":"2026-03-10 17:00:00")", "+60m?"},
      {"forty hours", R"("time_start":"2026-03-10 18:00:00","time_finish":"2026-03-12 10:00:00")", "+60m?"},
  };
  for (const Row& one : rows) {
    CAPTURE(one.name);
    CHECK(read({row(1, one.times)}) == std::string("1 2026-03-10T22:00:00Z") + one.shown);
  }
}

TEST_CASE("a place whose time cannot be read is told apart") {
  CHECK(read({row(1, R"("time_start":"soon")"), evening(2), row(3, R"("time_start":null)", "CANCELED")}) ==
        "2 2026-03-10T22:00:00Z+60m unreadable 1");
}

TEST_CASE("a list of bookings that is not whole says so") {
  SECTION("the same booking twice") {
    CHECK(read({evening(1), evening(1)}).find("partial") != std::string::npos);
  }
  SECTION("a row without an id") {
    CHECK(read({evening(1), R"({"status":"BOOKED"})"}).find("partial") != std::string::npos);
  }
  SECTION("fewer than declared") {
    ScriptedGlofox gym(0);
    gym.transport().script(k_path, test::answer(200, list({evening(1)}, 3)));
    CHECK(shown(gym.client().read_bookings(march_tenth(), BookingStatus::booked)).find("partial") !=
          std::string::npos);
  }
  SECTION("a page that fails") {
    ScriptedGlofox gym(0);
    gym.transport().script(k_path, test::answer(503, ""));
    const std::string text = shown(gym.client().read_bookings(march_tenth(), BookingStatus::booked));
    CHECK(text.find("partial") != std::string::npos);
  }
}

TEST_CASE("without a usable time zone no booking is believed") {
  ScriptedGlofox gym(0);
  gym.transport().script(k_path, test::answer(200, list({evening(1)})));
  std::string zone;
  SECTION("none") {}
  SECTION("unknown to this machine") { zone = "Mars/Olympus_Mons"; }
  gym.on_branch = [zone] {
    return test::answer(
        200, fmt::format(R"({{"_id":"{}","address":{{"timezone_id":"{}"}}}})", k_branch.value(), zone));
  };
  const auto snapshot = gym.client().read_bookings(march_tenth(), BookingStatus::booked);
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().category == Category::protocol);
  CHECK(snapshot.error().message.find("bookings were left as they are") != std::string::npos);
  CHECK(snapshot.error().message.find(zone.empty() ? "no time zone" : zone) != std::string::npos);
}

namespace {

/// A location with far too many bookings in its list: one class a row, 100 rows a page.
struct BusyGlofox {
  explicit BusyGlofox(std::size_t list_pages, std::size_t classes) : gym(0) {
    gym.transport().on_any(
        [this, list_pages, classes](const http::Request& request) -> Result<http::Response> {
          if (request.path == "/2.0/branches/" + k_branch.value()) return test::answer(200, k_branch_body);
          if (request.path == k_events.substr(4)) return test::answer(200, events(classes));
          const std::string event = param(request, "event_id");
          if (!event.empty() && filters_by_class) {
            const std::size_t number = std::stoul(event.substr(20), nullptr, 16);
            return test::answer(200, list({with_class(number)}));
          }
          const std::size_t page = std::stoul(param(request, "page"));
          std::vector<std::string> rows;
          for (std::size_t i = 0; i < 100; ++i) rows.push_back(with_class((page - 1) * 100 + i));
          return test::answer(200, list(rows, list_pages * 100, page));
        });
  }

  static std::string with_class(std::size_t number) {
    return row(number, fmt::format(R"("event_id":"65dd{:020x}","time_start":"2026-03-10 18:00:00",)"
                                   R"("time_finish":"2026-03-10 19:00:00")",
                                   number));
  }
  static std::string events(std::size_t classes) {
    PageSpec spec;
    for (std::size_t i = 0; i < classes; ++i)
      spec.rows.push_back(fmt::format(R"({{"_id":"65dd{:020x}","duration":60}})", i));
    spec.total = classes;
    spec.limit = 100;
    spec.has_more = false;
    return page_body(1, spec);
  }

  ScriptedGlofox gym;
  bool filters_by_class = true;
};

}  // namespace

TEST_CASE("when there are too many pages, bookings are read class by class") {
  BusyGlofox busy(60, 12);
  const auto snapshot = busy.gym.client().read_bookings(march_tenth(), BookingStatus::booked);
  REQUIRE(snapshot);
  CHECK(snapshot->by_class);
  CHECK(value_of(snapshot->bookings).size() == 12);
  CHECK(incomplete_because(snapshot->bookings) == nullptr);
  CHECK(busy.gym.transport().count(k_path) == 1 + 12);
  CHECK(busy.gym.transport().count(k_events) == 1);
}

TEST_CASE("the whole list is read where class by class is no cheaper or does not work") {
  const std::size_t classes = GENERATE(12U, 80U);
  CAPTURE(classes);
  ScriptedGlofox::OnMembers unused;
  BusyGlofox busy(60, classes);
  busy.filters_by_class = classes == 80;
  GlofoxClient& client = busy.gym.client();
  const auto snapshot = client.read_bookings(march_tenth(), BookingStatus::booked);
  REQUIRE(snapshot);
  CHECK_FALSE(snapshot->by_class);
}

TEST_CASE("a list within its budget is read as it is") {
  BusyGlofox busy(20, 12);
  const auto snapshot = busy.gym.client().read_bookings(march_tenth(), BookingStatus::booked);
  REQUIRE(snapshot);
  CHECK_FALSE(snapshot->by_class);
  CHECK(value_of(snapshot->bookings).size() == 2000);
  CHECK(busy.gym.transport().count(k_path) == 20);
  CHECK(busy.gym.transport().count(k_events) == 0);
}

}  // namespace gk::glofox::booking_pages_test

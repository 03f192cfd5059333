#include <catch2/catch.hpp>

#include "unit/glofox/scripted_glofox.hpp"

namespace gk::glofox::bookings_test {

using namespace gk::glofox::testing;

namespace {

const MemberId k_bo = *MemberId::parse("65aa00000000000000000002");
const std::string k_path = "GET /2.0/bookings";
constexpr std::int64_t k_six = 1773180000;  // 2026-03-10T22:00:00Z

Window march_tenth() {
  return Window::make(*parse_rfc3339("2026-03-10T00:00:00Z"), *parse_rfc3339("2026-03-11T00:00:00Z")).value();
}

/// `rest` are the fields behind the ids.
std::string row(int number, const std::string& rest, const std::string& user = "65aa00000000000000000002") {
  return fmt::format(
      R"({{"_id":"65ee0000000000000000000{}","user_id":"{}","branch_id":"64b0c0ffee00000000000b01",{}}})",
      number, user, rest);
}

std::string list(const std::vector<std::string>& rows) {
  return fmt::format(
      R"({{"object":"list","page":1,"limit":100,"has_more":false,"total_count":{},"data":[{}]}})",
      rows.size(), fmt::join(rows, ","));
}

std::string shown(const Result<std::vector<Booking>>& bookings) {
  if (!bookings)
    return std::string(category_name(bookings.error().category)) + ": " + bookings.error().message;
  std::string text;
  for (const Booking& booking : *bookings) {
    text += fmt::format("{}{} {} {}+{}m", text.empty() ? "" : ", ", booking.id.value().back(),
                        static_cast<int>(booking.status), booking.attended ? "attended " : "",
                        (booking.end - booking.start).count() / 60);
  }
  return text;
}

std::string read(const std::vector<std::string>& rows) {
  ScriptedGlofox gym(0);
  gym.transport().script(k_path, test::answer(200, list(rows)));
  return shown(gym.client().read_bookings_of(k_bo, march_tenth()));
}

std::string booked(const std::string& rest) { return row(1, R"("status":"BOOKED",)" + rest); }

}  // namespace

TEST_CASE("the bookings of a person are asked for with both times") {
  ScriptedGlofox gym(0);
  gym.transport().script(
      k_path,
      test::answer(200,
                   list({row(1, R"("event_id":"65dd00000000000000000001","status":"BOOKED","attended":true,
                                               "time_start":1773180000,"duration":60)")})));
  const auto bookings = gym.client().read_bookings_of(k_bo, march_tenth());
  REQUIRE(bookings);
  REQUIRE(bookings->size() == 1);
  const Booking& booking = bookings->front();
  CHECK(booking.id == BookingId("65ee00000000000000000001"));
  CHECK(booking.member == k_bo);
  CHECK(booking.class_id == ClassId("65dd00000000000000000001"));
  CHECK(booking.status == BookingStatus::booked);
  CHECK(booking.attended);
  CHECK(booking.start.time_since_epoch().count() == k_six);
  CHECK(booking.end - booking.start == std::chrono::hours{1});

  REQUIRE(gym.transport().requests.size() == 1);
  const http::Request& request = gym.transport().requests[0];
  CHECK(param(request, "branchId") == k_branch.value());
  CHECK(param(request, "user_id") == k_bo.text());
  CHECK(param(request, "time_start") == "1773100800");
  CHECK(param(request, "time_end") == "1773187200");
  CHECK(param(request, "limit") == "100");
}

TEST_CASE("the end of a class") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("time_start":1773180000,"duration":45.0)", "1 0 +45m"},
      {R"("time_start":1773180000,"duration":"90")", "1 0 +90m"},
      {R"("time_start":1773180000)", "1 0 +60m"},
      {R"("time_start":1773180000,"duration":0)", "1 0 +60m"},
      {R"("time_start":1773180000,"duration":-5)", "1 0 +60m"},
      {R"("time_start":1773180000,"duration":99999999)", "1 0 +60m"},
      {R"("time_start":1773180000,"time_finish":1773181800,"duration":45)", "1 0 +30m"},
      {R"("time_start":1773180000,"time_finish":1773180000,"duration":45)", "1 0 +45m"},
      {R"("time_start":1773180000,"time_finish":4102444800)", "1 0 +60m"},
      {R"("time_start":{"sec":1773180000},"duration":null)", "1 0 +60m"},
      {R"("time_start":"1773180000","duration":[])", "1 0 +60m"},
  };
  for (const auto& [rest, expected] : cases) {
    INFO(rest);
    CHECK(read({booked(rest)}) == expected);
  }
}

TEST_CASE("rows that the filters should have kept away are passed over") {
  CHECK(read({booked(R"("time_start":1773187200)")}).empty());  // the span's end is not in it
  CHECK(read({booked(R"("time_start":1773100799)")}).empty());
  CHECK(read({booked(R"("time_start":1773100800)")}) == "1 0 +60m");
  CHECK(read({row(1, R"("status":"BOOKED","time_start":1773180000)", "65aa00000000000000000009")}).empty());
  CHECK(
      read(
          {R"({"_id":"65ee00000000000000000001","branch_id":"64b0c0ffee00000000000b02","status":"BOOKED","time_start":1773180000})"})
          .empty());
}

TEST_CASE("every status is shown, spelt either way") {
  CHECK(read({row(1, R"("status":"CANCELLED","time_start":1773180000)"),
              row(2, R"("status":"canceled","time_start":1773180000)"),
              row(3, R"("status":"WAITING","time_start":1773180000)"),
              row(4, R"("status":null,"time_start":1773180000)"),
              row(5, R"("status":"ON_HOLD","time_start":1773180000)")}) ==
        "1 2 +60m, 2 2 +60m, 3 1 +60m, 4 5 +60m, 5 5 +60m");
}

TEST_CASE("a booking that cannot be read fails the call: silence would end somebody's access") {
  CHECK(read({booked(R"("time_start":null)")}) ==
        "protocol: Glofox bookings of 65aa00000000000000000002: booking 65ee00000000000000000001 has no "
        "readable time_start");
  CHECK(read({R"({"status":"BOOKED","time_start":1773180000})"}) ==
        "protocol: Glofox bookings of 65aa00000000000000000002: 1 rows have no valid id");
  CHECK(read({row(1, R"("status":"CANCELED","time_start":null)")}).empty());

  ScriptedGlofox gym(0);
  gym.transport().script(k_path, test::answer(503));
  CHECK(shown(gym.client().read_bookings_of(k_bo, march_tenth())).starts_with("unavailable: "));
}

TEST_CASE("wall clocks of the branch's list are read in the branch's zone once it is known") {
  ScriptedGlofox gym(0);
  gym.transport().script(
      k_path,
      test::answer(
          200, list({booked(R"("time_start":"2026-03-10 18:00:00","time_finish":"2026-03-10 19:30:00")")})));
  CHECK(shown(gym.client().read_bookings_of(k_bo, march_tenth())).starts_with("protocol: "));
  REQUIRE(gym.client().read_branch());
  const auto bookings = gym.client().read_bookings_of(k_bo, march_tenth());
  REQUIRE(bookings);
  REQUIRE(bookings->size() == 1);
  CHECK(bookings->front().start.time_since_epoch().count() == k_six);
  CHECK(shown(bookings) == "1 0 +90m");
}

}  // namespace gk::glofox::bookings_test

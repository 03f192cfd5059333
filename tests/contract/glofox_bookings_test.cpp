#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "contract/sandbox_glofox.hpp"

namespace gk::test::glofox_bookings_test {

// Bookings, people and classes over the product's whole stack, in the switch settings that concern them.

namespace {

Window day_of(std::string_view noon) {
  const Instant middle = *parse_rfc3339(noon);
  return *Window::make(middle - std::chrono::hours{30}, middle + std::chrono::hours{30});
}

const std::vector<std::string> k_gym = {
    "--people", "250", "--bookings", "900",
    "--seed",   "3",   "--now",      "2026-03-08T12:00:00Z"};  // New York's clocks change on that day

std::vector<std::string> with_switch(const std::string& one) {
  std::vector<std::string> arguments = k_gym;
  if (!one.empty()) arguments.insert(arguments.end(), {"--switch", one});
  return arguments;
}

std::vector<std::string> lines_of(const std::vector<Booking>& bookings) {
  std::vector<std::string> lines;
  for (const Booking& booking : bookings) {
    lines.push_back(fmt::format("{} {} {} {} {}", booking.id.value(), booking.member,
                                format_rfc3339(booking.start), format_rfc3339(booking.end),
                                booking.class_id.value()));
  }
  std::ranges::sort(lines);
  return lines;
}

}  // namespace

TEST_CASE("the bookings of a span are the same whatever the service leaves open") {
  static const std::vector<std::string> plain = [] {
    SandboxGlofox gym(k_gym);
    const auto snapshot = gym.client->read_bookings(day_of("2026-03-08T12:00:00Z"), BookingStatus::booked);
    REQUIRE(snapshot);
    REQUIRE(incomplete_because(snapshot->bookings) == nullptr);
    return lines_of(value_of(snapshot->bookings));
  }();
  CHECK(plain.size() > 100);
  const auto one = GENERATE(values<std::string>(
      {"bookings_local_filter=instant", "bookings_local_filter=ignored", "booking_order=created_desc",
       "booking_order=shuffled", "single_wrapper=data", "glofox_over_limit=error"}));
  INFO(one);
  SandboxGlofox gym(with_switch(one));
  const auto snapshot = gym.client->read_bookings(day_of("2026-03-08T12:00:00Z"), BookingStatus::booked);
  REQUIRE(snapshot);
  CHECK(incomplete_because(snapshot->bookings) == nullptr);
  CHECK(lines_of(value_of(snapshot->bookings)) == plain);
  CHECK_FALSE(snapshot->by_class);
}

TEST_CASE("cancelled bookings are listed apart from the booked") {
  SandboxGlofox gym(k_gym);
  const Window span = day_of("2026-03-08T12:00:00Z");
  const auto booked = gym.client->read_bookings(span, BookingStatus::booked);
  const auto cancelled = gym.client->read_bookings(span, BookingStatus::cancelled);
  REQUIRE(booked);
  REQUIRE(cancelled);
  CHECK_FALSE(value_of(cancelled->bookings).empty());
  for (const Booking& booking : value_of(cancelled->bookings))
    CHECK(booking.status == BookingStatus::cancelled);
  for (const Booking& booking : value_of(booked->bookings)) CHECK(booking.status == BookingStatus::booked);
}

TEST_CASE("a person's bookings have the same times in both formats of the service") {
  SandboxGlofox gym(k_gym);
  const Window span = day_of("2026-03-08T12:00:00Z");
  const auto snapshot = gym.client->read_bookings(span, BookingStatus::booked);
  REQUIRE(snapshot);
  const std::vector<Booking>& all = value_of(snapshot->bookings);
  for (std::size_t i = 0; i < 10; ++i) {
    const MemberId member = all[i].member;
    auto single = gym.client->read_bookings_of(member, span);
    REQUIRE(single);
    std::erase_if(*single, [](const Booking& booking) { return booking.status != BookingStatus::booked; });
    std::vector<Booking> listed;
    std::ranges::copy_if(all, std::back_inserter(listed),
                         [&](const Booking& booking) { return booking.member == member; });
    CHECK(lines_of(*single) == lines_of(listed));
  }
}

TEST_CASE("people behind bookings are found by list or singly, the unknown are neither found nor an error") {
  const auto one = GENERATE(values<std::string>(
      {"", "deleted_member=404", "single_wrapper=data", "style_a_total=absent", "member_order=shuffled"}));
  INFO(one);
  SandboxGlofox gym(with_switch(one));
  const auto snapshot = gym.client->read_bookings(day_of("2026-03-08T12:00:00Z"), BookingStatus::booked);
  REQUIRE(snapshot);
  std::set<MemberId> wanted;
  for (const Booking& booking : value_of(snapshot->bookings)) wanted.insert(booking.member);
  const MemberId stranger = *MemberId::parse("65aaffffffffffffffffffff");
  wanted.insert(stranger);
  const std::vector<MemberId> ids(wanted.begin(), wanted.end());
  const auto people = gym.client->read_people(ids);
  REQUIRE(people);
  CHECK(people->unread.empty());
  CHECK(people->list.has_value());
  CHECK_FALSE(people->people.contains(stranger));
  CHECK(people->people.size() + 10 > wanted.size());
  const auto few = gym.client->read_people(std::vector{ids[0], ids[1]});
  REQUIRE(few);
  for (const auto& [id, member] : few->people) CHECK(member.email == people->people.at(id).email);
}

TEST_CASE("classes tell which are online") {
  SandboxGlofox gym(k_gym);
  const Window span = day_of("2026-03-08T12:00:00Z");
  const auto snapshot = gym.client->read_bookings(span, BookingStatus::booked);
  REQUIRE(snapshot);
  std::set<ClassId> ids;
  for (const Booking& booking : value_of(snapshot->bookings)) ids.insert(booking.class_id);
  const auto classes = gym.client->read_classes(ids, span);
  REQUIRE(classes);
  CHECK(classes->size() == ids.size());
  std::size_t online = 0;
  for (const auto& [id, event] : *classes) online += event.online ? 1 : 0;
  CHECK(online > 0);
  CHECK(online < classes->size());
  const auto single = gym.client->read_classes({*ids.begin()}, span);
  REQUIRE(single);
  CHECK(single->at(*ids.begin()).online == classes->at(*ids.begin()).online);
  const ClassId unknown{"65ddffffffffffffffffffff"};
  const auto none = gym.client->read_classes({unknown}, span);
  REQUIRE(none);
  CHECK(none->empty());
}

}  // namespace gk::test::glofox_bookings_test

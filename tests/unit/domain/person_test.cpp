#include "domain/person.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>

#include "domain/booking.hpp"
#include "domain/ids.hpp"
#include "domain/user.hpp"

namespace gk::domain::person_test {

using namespace std::string_literals;

TEST_CASE("people are joined by the normalised e-mail") {
  struct Row {
    std::string text;
    std::string email;  ///< empty: no e-mail address
  };
  const Row rows[] = {
      {"ada@example.com", "ada@example.com"},
      {"  Ada.Example@EXAMPLE.com\t", "ada.example@example.com"},
      {"\xC2\xA0"
       "ada@example.com\xC2\xA0",
       "ada@example.com"},
      {"a@b", "a@b"},
      {"ada+gym@example.com", "ada+gym@example.com"},
      {"\xC3\x84"
       "da@example.com",
       "\xC3\x84"
       "da@example.com"},
      {"\xE2\x84\xAA"
       "im@example.com",
       "\xE2\x84\xAA"
       "im@example.com"},
      {"", ""},
      {"   ", ""},
      {"ada", ""},
      {"@", ""},
      {"@example.com", ""},
      {"ada@", ""},
      {"ada@@example.com", ""},
      {"ada@example.com@example.org", ""},
      {"ada example@example.com", ""},
      {"ada@example.com, bo@example.com", ""},
      {"ada@exam\nple.com", ""},
      {"ada@exam\0ple.com"s, ""},
      {"ada\x7F@example.com", ""},
      {"ada\xFF@example.com", ""},
      {std::string(242, 'a') + "@example.com", std::string(242, 'a') + "@example.com"},
      {std::string(243, 'a') + "@example.com", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto key = PersonKey::from_email(row.text);
    CHECK(key.has_value() == !row.email.empty());
    if (key) CHECK(key->email() == row.email);
    if (key) CHECK(PersonKey::from_email(key->email()) == key);
    Email email;
    email.assign(row.text);
    for (const Email& read : {Email(row.text), email}) {
      CHECK(read.person() == key);
      CHECK(read.as_written() == row.text);
    }
  }
}

TEST_CASE("member ids are 24 hex digits, in any case") {
  CHECK(MemberId::parse("65aa00000000000000000001")->text() == "65aa00000000000000000001");
  CHECK(MemberId::parse("65AA0000000000000000000F")->text() == "65aa0000000000000000000f");
  CHECK(MemberId::parse("65AA0000000000000000000F") == MemberId::parse("65aa0000000000000000000f"));
  CHECK(*MemberId::parse("65aa00000000000000000001") < *MemberId::parse("65aa00000000000000000002"));
  CHECK(fmt::format("{}", *MemberId::parse("65aa00000000000000000001")) == "65aa00000000000000000001");
  for (const char* const text : {"", "65aa", "65aa0000000000000000000", "65aa000000000000000000001",
                                 "65aa0000000000000000000g", "65aa00000000000000000 01"}) {
    CAPTURE(text);
    CHECK_FALSE(MemberId::parse(text));
  }
}

TEST_CASE("an id that goes into a path is checked strictly") {
  CHECK(gk::is_glofox_id("65aa00000000000000000001"));
  CHECK_FALSE(gk::is_glofox_id("65AA00000000000000000001"));
  CHECK_FALSE(gk::is_glofox_id("65aa0000000000000000000"));
  CHECK_FALSE(gk::is_glofox_id("65aa00000000000000000/.."));
}

TEST_CASE("booking statuses") {
  using gk::BookingStatus;
  CHECK(gk::parse_booking_status("BOOKED") == BookingStatus::booked);
  CHECK(gk::parse_booking_status(" booked ") == BookingStatus::booked);
  CHECK(gk::parse_booking_status("WAITING") == BookingStatus::waiting);
  CHECK(gk::parse_booking_status("CANCELED") == BookingStatus::cancelled);
  CHECK(gk::parse_booking_status("CANCELLED") == BookingStatus::cancelled);
  CHECK(gk::parse_booking_status("RESERVED") == BookingStatus::reserved);
  CHECK(gk::parse_booking_status("FAILED") == BookingStatus::failed);
  CHECK(gk::parse_booking_status("") == BookingStatus::unknown);
  CHECK(gk::parse_booking_status("BOOKED?") == BookingStatus::unknown);
}

TEST_CASE("metadata texts are JSON strings") {
  gk::User user;
  user.metadata = {
      {"text", "\"v1\""}, {"number", "5"}, {"nothing", "null"}, {"quote", "\""}, {"empty", "\"\""}};
  CHECK(user.metadata_text("text") == "v1");
  CHECK(user.metadata_text("empty").value().empty());
  for (const char* const name : {"number", "nothing", "quote", "missing"}) {
    CAPTURE(name);
    CHECK_FALSE(user.metadata_text(name));
  }
}

}  // namespace gk::domain::person_test

#include "util/text.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace gk::util::text_test {

using namespace std::string_literals;

TEST_CASE("trim takes white space and no-break spaces from both ends") {
  struct Row {
    std::string text, trimmed;
  };
  const Row rows[] = {
      {"", ""},
      {"   ", ""},
      {"a", "a"},
      {" \t\r\n\v\fa b\n", "a b"},
      {"\xC2\xA0 a\xC2\xA0", "a"},
      {" \xC2\xA0 \xC2\xA0", ""},
      {"\xC2\xA0\x61\xC2", "a\xC2"},
      {"\xA0\x61", "\xA0\x61"},
      {"a\0 "s, "a\0"s},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(gk::trim(row.text) == row.trimmed);
  }
}

TEST_CASE("ascii_lower leaves everything but A-Z alone") {
  CHECK(gk::ascii_lower("AZaz09@[`{") == "azaz09@[`{");
  CHECK(gk::ascii_lower("\xC3\x84 \xE2\x84\xAA I\xCC\x87") == "\xC3\x84 \xE2\x84\xAA i\xCC\x87");
}

TEST_CASE("names that staff typed differently compare equal") {
  struct Row {
    std::string text, folded;
  };
  const Row rows[] = {
      {"", ""},
      {"Unlimited", "unlimited"},
      {"  UNLIMITED  ", "unlimited"},
      {"Monthly   Unlimited", "monthly unlimited"},
      {"Monthly\xC2\xA0\tUnlimited", "monthly unlimited"},
      {"\xC3\x9C"
       "BER",
       "\xC3\xBC"
       "ber"},
      {"\xD0\x90\xD0\x91", "\xD0\xB0\xD0\xB1"},
      {"\xF0\x90\x90\x80", "\xF0\x90\x90\xA8"},
      {"\xE6\x9C\x88", "\xE6\x9C\x88"},
      {"A\xFF"
       "B",
       "a\xFF"
       "b"},
      {"A\xC2", "a\xC2"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(gk::fold_name(row.text) == row.folded);
    CHECK(gk::fold_name(row.folded) == row.folded);
  }
}

TEST_CASE("printable shows what could move the cursor, hide text or turn its direction") {
  struct Row {
    const char* name;
    std::string text, shown;
  };
  const Row rows[] = {
      {"plain", "Ada Example", "Ada Example"},
      {"letters of any script", "\xC3\x89va \xE6\x9C\x88 \xF0\x9F\x98\x80",
       "\xC3\x89va \xE6\x9C\x88 \xF0\x9F\x98\x80"},
      {"terminal escape", "\x1B[31mred", "\\x1b[31mred"},
      {"new lines and tabs", "a\r\n\tb", "a\\x0d\\x0a\\x09b"},
      {"zero byte", "a\0b"s, "a\\x00b"},
      {"delete", "a\x7F", "a\\x7f"},
      {"C1 control",
       "a\xC2\x9B"
       "31m",
       "a\\u{9b}31m"},
      {"right-to-left override",
       "a\xE2\x80\xAE"
       "b",
       "a\\u{202e}b"},
      {"isolates", "\xE2\x81\xA6x\xE2\x81\xA9", "\\u{2066}x\\u{2069}"},
      {"direction marks", "\xE2\x80\x8Ex\xE2\x80\x8F", "\\u{200e}x\\u{200f}"},
      {"Arabic letter mark",
       "a\xD8\x9C"
       "b",
       "a\\u{61c}b"},
      {"line separator",
       "a\xE2\x80\xA8"
       "b",
       "a\\u{2028}b"},
      {"zero-width space",
       "a\xE2\x80\x8B"
       "b",
       "a\\u{200b}b"},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "a",
       "\\u{feff}a"},
      {"tag characters", "\xF3\xA0\x81\x81", "\\u{e0041}"},
      {"broken UTF-8", "a\xFFz\xC3", "a\\xffz\\xc3"},
      {"surrogate", "\xED\xA0\x80", "\\xed\\xa0\\x80"},
      {"overlong slash", "\xC0\xAF", "\\xc0\\xaf"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(gk::printable(row.text) == row.shown);
  }
}

TEST_CASE("printable cuts between characters and says so") {
  CHECK(gk::printable("abcdef", 6) == "abcdef");
  CHECK(gk::printable("abcdefg", 6) == "abcdef...");
  CHECK(gk::printable("\xE6\x9C\x88\xE6\x9C\x88\xE6\x9C\x88", 4) == "\xE6\x9C\x88\xE6\x9C\x88...");
  CHECK(gk::printable("", 0).empty());
  CHECK(gk::printable(std::string(5000, 'x')).size() < 210);
  CHECK(gk::printable(std::string(5000, '\x1B')).size() < 210);
}

TEST_CASE("is_utf8 accepts well-formed text only") {
  struct Row {
    const char* name;
    std::string text;
    bool good;
  };
  const Row rows[] = {
      {"empty", "", true},
      {"ASCII with a zero byte", "abc\0def"s, true},
      {"two bytes", "\xC2\x80\xDF\xBF", true},
      {"three bytes", "\xE0\xA0\x80\xEF\xBF\xBF", true},
      {"around the surrogates", "\xED\x9F\xBF\xEE\x80\x80", true},
      {"four bytes", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true},
      {"continuation alone", "\x80", false},
      {"overlong two", "\xC0\x80", false},
      {"overlong two, again", "\xC1\xBF", false},
      {"overlong three", "\xE0\x9F\xBF", false},
      {"overlong four", "\xF0\x8F\xBF\xBF", false},
      {"low surrogate", "\xED\xB0\x80", false},
      {"above the last", "\xF4\x90\x80\x80", false},
      {"five bytes", "\xF8\x88\x80\x80\x80", false},
      {"cut short", "\xE2\x82", false},
      {"bad continuation", "\xE2\x28\xA1", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(gk::is_utf8(row.text) == row.good);
    // Wherever it stands: the check reads eight bytes at a time where it can.
    for (std::size_t before = 0; before < 10; ++before) {
      CHECK(gk::is_utf8(std::string(before, 'x') + row.text + "yyyyyyyyy") == row.good);
    }
  }
}

TEST_CASE("edit_distance counts single-letter edits") {
  CHECK(gk::edit_distance("", "") == 0);
  CHECK(gk::edit_distance("group_id", "group_id") == 0);
  CHECK(gk::edit_distance("", "abc") == 3);
  CHECK(gk::edit_distance("abc", "") == 3);
  CHECK(gk::edit_distance("kitten", "sitting") == 3);
  CHECK(gk::edit_distance("grup_id", "group_id") == 1);
  CHECK(gk::edit_distance("flaw", "lawn") == 2);
}

}  // namespace gk::util::text_test

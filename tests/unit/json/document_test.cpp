#include "json/document.hpp"

#include <catch2/catch.hpp>

#include "unit/json/hostile.hpp"

namespace gk::json::document_test {

namespace {

Document parsed(std::string_view text) {
  auto document = Document::parse(text);
  INFO(text);
  REQUIRE(document);
  return *std::move(document);
}

}  // namespace

TEST_CASE("a document answers for every kind of value") {
  const Document document = parsed(
      R"({"n":null,"b":true,"i":-45,"f":45.0,"h":0.5,"s":"x\u00e9","d":" 1700000000000 ","a":[1,[2]],"o":{"k":1}})");
  const View root = document.root();
  CHECK(root.kind() == Kind::object);
  CHECK(root.size() == 9);
  CHECK(root.keys().front() == "n");
  CHECK(root["n"].kind() == Kind::null);
  CHECK(root["b"].as_bool() == true);
  CHECK(root["i"].as_integer() == -45);
  CHECK(root["i"].as_real() == -45.0);
  CHECK(root["f"].kind() == Kind::real);
  CHECK(root["f"].as_integer() == 45);
  CHECK_FALSE(root["h"].as_integer());
  CHECK(root["h"].as_real() == 0.5);
  CHECK(root["s"].as_string() == "x\xC3\xA9");
  CHECK(root["d"].as_integer() == 1700000000000);
  CHECK_FALSE(root["d"].as_real());
  CHECK(root["a"].size() == 2);
  CHECK(root["a"].at(1).at(0).as_integer() == 2);
  CHECK(root["o"]["k"].as_integer() == 1);
}

TEST_CASE("a missing or wrong-typed value is nothing, never an abort") {
  const Document document = parsed(R"({"s":"x","a":[]})");
  const View root = document.root();
  CHECK_FALSE(root["none"].exists());
  CHECK_FALSE(root["none"]["deeper"].at(3)["still"].exists());
  CHECK_FALSE(root["s"]["x"].exists());
  CHECK_FALSE(root["a"].at(0).exists());
  CHECK_FALSE(root["s"].as_bool());
  CHECK_FALSE(root["s"].as_integer());
  CHECK_FALSE(root["a"].as_string());
  CHECK(root["s"].size() == 0);
  CHECK(View().dump() == "null");
  CHECK(View().keys().empty());
}

TEST_CASE("numbers beyond 64 bits are no integers") {
  const Document document = parsed(
      R"([9223372036854775807,-9223372036854775808,9223372036854775808,18446744073709551616,1e300,"9223372036854775808"])");
  const View root = document.root();
  CHECK(root.at(0).as_integer() == INT64_MAX);
  CHECK(root.at(1).as_integer() == INT64_MIN);
  for (std::size_t i = 2; i < 6; ++i) {
    INFO(i);
    CHECK_FALSE(root.at(i).as_integer());
  }
}

TEST_CASE("of duplicate keys the first counts") {
  CHECK(parsed(R"({"a":1,"a":2})").root()["a"].as_integer() == 1);
}

TEST_CASE("a document is refused when it is not one JSON value in UTF-8") {
  for (const auto& [what, text] : gk::json::testing::refused_bodies()) {
    INFO(what);
    const auto document = Document::parse(text);
    REQUIRE_FALSE(document);
    CHECK(document.error().category == gk::Category::protocol);
    CHECK(document.error().message.size() < 200);
  }
}

TEST_CASE("64 levels are accepted") { CHECK(Document::parse(std::string(64, '[') + std::string(64, ']'))); }

TEST_CASE("an error shows where and a short printable excerpt") {
  const auto cut = Document::parse(R"({"a": [1, 2)");
  REQUIRE_FALSE(cut);
  CHECK(cut.error().message == "not JSON: cut off after 11 bytes");
  const auto odd = Document::parse("{\"a\": \x1b[31m" + std::string(500, 'x') + "}");
  REQUIRE_FALSE(odd);
  CHECK(odd.error().message ==
        "not JSON: Invalid value. at offset 6: \\x1b[31mxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...");
}

TEST_CASE("halves of emoji become replacement characters, whole ones stay") {
  const Document document =
      parsed(R"(["\ud83d","\ude00 x","\ud83d\ude00","\ud83d\ud83d\ude00","\\ud83d","\uD83Dx"])");
  const View root = document.root();
  CHECK(root.at(0).as_string() == "\xEF\xBF\xBD");
  CHECK(root.at(1).as_string() == "\xEF\xBF\xBD x");
  CHECK(root.at(2).as_string() == "\xF0\x9F\x98\x80");
  CHECK(root.at(3).as_string() == "\xEF\xBF\xBD\xF0\x9F\x98\x80");
  CHECK(root.at(4).as_string() == "\\ud83d");
  CHECK(root.at(5).as_string() == "\xEF\xBF\xBDx");
}

TEST_CASE("a byte order mark is passed over") {
  CHECK(parsed("\xEF\xBB\xBF{\"a\":1}").root()["a"].as_integer() == 1);
}

TEST_CASE("dump gives the same value back") {
  const std::string text =
      R"({"s":"a\"\\\u0001é","n":null,"t":true,"i":-12345678901234,"u":18446744073709551615,"f":0.1,"a":[1,{}],"e":[]})";
  CHECK(parsed(text).root().dump() == text);
}

TEST_CASE("a document cut at any byte is refused") {
  const std::string text = R"({"_id":"65aa","membership":{"type":"time","x":[1.5e3,true,null,"\u00e9\n"]}})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    INFO(size);
    CHECK_FALSE(Document::parse(std::string_view(text).substr(0, size)));
  }
  CHECK(Document::parse(text));
}

TEST_CASE("a moved-from document is empty") {
  Document first = parsed(R"({"a":1})");
  const Document second = std::move(first);
  CHECK(second.root()["a"].as_integer() == 1);
}

TEST_CASE("numbers that RapidJSON cannot read exactly without harm are read all the same") {
  const std::string digits(300, '4');
  const auto document =
      Document::parse(R"({"a":0e308,"b":-0.000E-999 ,"c":[0.0000000000000000000000000000000000,1],)"
                      R"("d":"0e308","e":0.5,"g":18446744073709551615515,"h":4e-999,"f":1)" +
                      digits + "}");
  REQUIRE(document);
  const View root = document->root();
  CHECK(root["a"].as_real() == 0.0);
  CHECK(root["b"].as_real() == 0.0);
  CHECK(root["c"].at(0).as_real() == 0.0);
  CHECK(root["c"].size() == 2);
  CHECK(root["d"].as_string() == "0e308");
  CHECK(root["e"].as_real() == 0.5);
  CHECK(root["g"].as_real() == 18446744073709551615515.0);
  CHECK(root["h"].as_real() == 0.0);
  CHECK(root["f"].as_real().value_or(0) > 1e300);
  for (const char* const text : {"[21e308]", "[0.021e310]", "[1e999]"}) {
    CAPTURE(text);
    const auto beyond = Document::parse(text);
    REQUIRE_FALSE(beyond);
    CHECK(beyond.error().message.find("too big") != std::string::npos);
  }
}

TEST_CASE("a number keeps its value, whatever digits it is written with") {
  const auto document = Document::parse("0.30000000000000004");
  REQUIRE(document);
  const auto again = Document::parse(document->root().dump());
  REQUIRE(again);
  CHECK(again->root().as_real() == 0.1 + 0.2);
}

TEST_CASE("what a program prints of a number is written back as it was read") {
  for (const char* const number :
       {"0.1", "12.34", "-1234567.25", "0.3333333333333333", "1.7976931348623157e308", "5e-324",
        "-9223372036854775808", "18446744073709551615"}) {
    CAPTURE(number);
    const auto document = Document::parse(number);
    REQUIRE(document);
    CHECK(document->root().dump() == number);
  }
}

}  // namespace gk::json::document_test

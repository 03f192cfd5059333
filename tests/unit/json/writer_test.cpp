#include "json/writer.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace gk::json::writer_test {

TEST_CASE("a writer keeps the order of keys and escapes text") {
  Writer writer;
  writer.begin_object();
  writer.member("b", "quote \" back \\ bell \x07");
  writer.member("a", std::int64_t{-9007199254740993});
  writer.member("u", std::uint64_t{18446744073709551615U}).member("yes", true).member("half", 0.5);
  writer.key("list").begin_array().value(1).null().raw(R"({"x":1})").end_array();
  writer.end_object();
  CHECK(writer.take() ==
        R"({"b":"quote \" back \\ bell \u0007","a":-9007199254740993,"u":18446744073709551615,)"
        R"("yes":true,"half":0.5,"list":[1,null,{"x":1}]})");
}

TEST_CASE("broken UTF-8 is replaced, good text stays") {
  Writer writer;
  writer.begin_array();
  writer.value(std::string_view("a\xFF\xC3"));
  writer.value(std::string_view("\xF0\x9F\x98\x80 \xED\xA0\x80 \xE2\x82\xAC"));
  writer.value(std::string_view());
  writer.end_array();
  CHECK(writer.take() ==
        "[\"a\xEF\xBF\xBD\xEF\xBF\xBD\",\"\xF0\x9F\x98\x80 \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD "
        "\xE2\x82\xAC\",\"\"]");
}

TEST_CASE("what a terminal would obey is escaped, letters of all scripts are not") {
  Writer writer;
  writer.begin_array();
  writer.value(std::string_view("\x1B[1m \x7F \xC2\x9B"));
  writer.value(std::string_view("\xE2\x80\xAE\xF3\xA0\x80\x81 \xC3\xA4"));
  writer.end_array();
  CHECK(writer.take() == "[\"\\u001B[1m \\u007f \\u009b\",\"\\u202e\\udb40\\udc01 \xC3\xA4\"]");
}

TEST_CASE("numbers that JSON does not have become null") {
  Writer writer;
  writer.begin_array();
  writer.value(std::numeric_limits<double>::infinity()).value(std::numeric_limits<double>::quiet_NaN());
  writer.end_array();
  CHECK(writer.take() == "[null,null]");
}

TEST_CASE("the pretty style indents by two") {
  Writer writer(Writer::Style::pretty);
  writer.begin_object().member("a", 1).key("b").begin_array().value(2).end_array().end_object();
  CHECK(writer.take() == "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}");
}

}  // namespace gk::json::writer_test

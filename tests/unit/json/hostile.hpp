#pragma once

#include <string>
#include <vector>

namespace gk::json::testing {

struct Hostile {
  std::string what;
  std::string text;
};

/// Bodies that both readers must refuse.
inline std::vector<Hostile> refused_bodies() {
  using namespace std::string_literals;
  return {
      {"empty", ""},
      {"blank", " \r\n\t "},
      {"HTML", "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"},
      {"NUL inside a string", R"({"data":[{"_id":"a)"s + "\0"s + R"("}]})"},
      {"NUL behind the value", R"({"data":[]})"s + "\0"s},
      {"overlong UTF-8", "{\"data\":[{\"_id\":\"\xC0\xAF\"}]}"},
      {"a UTF-8 surrogate", "{\"data\":[{\"_id\":\"\xED\xA0\x80\"}]}"},
      {"UTF-8 cut in a character", "{\"data\":[{\"_id\":\"\xE2\x82\"}]}"},
      {"65 arrays", std::string(65, '[') + std::string(65, ']')},
      {"two million arrays, never closed", std::string(2'000'000, '[')},
      {"deep inside a wanted field",
       R"({"data":[{"_id":)" + std::string(63, '[') + std::string(63, ']') + "}]}"},
      {"something after the value", R"({"data":[]} {"data":[]})"},
      {"a comma after the value", R"({"data":[]},)"},
      {"a comment", R"({"data":[]} // all)"},
      {"a trailing comma", R"({"data":[{"_id":"a"},]})"},
      {"single quotes", "{'data':[]}"},
      {"a control character in a string", "{\"data\":[{\"_id\":\"a\nb\"}]}"},
      {"NaN", R"({"data":[NaN]})"},
      {"an escape that is none", R"({"data":["\x41"]})"},
      {"a word", "null and void"},
  };
}

}  // namespace gk::json::testing

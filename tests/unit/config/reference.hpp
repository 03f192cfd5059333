#pragma once

#include <string>
#include <string_view>

/// Documents made from the keys of the file; reference_test.cpp compares them with what is committed.
namespace gk::config::test {

/// docs/config.schema.json.
[[nodiscard]] std::string json_schema();

/// A Markdown text in which the table behind each line `<!-- keys: PATH -->` is made anew. PATH is "$",
/// "kisi", "integrations[].bookings" and so on. An object without such a line of its own has its keys in the
/// table of the object around it, behind a row of its own if it may be left out and some of its keys may not.
[[nodiscard]] std::string with_key_tables(std::string_view markdown);

}  // namespace gk::config::test

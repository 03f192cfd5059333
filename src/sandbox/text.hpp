#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gk_sandbox {

/// ASCII only: the services fold e-mail addresses, which are ASCII here.
[[nodiscard]] std::string fold(std::string_view text);
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] bool is_object_id(std::string_view text);

/// Query names and values, decoded, in the order sent. A `+` means a space.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);
[[nodiscard]] std::string percent_decode(std::string_view text, bool plus_is_blank);

}  // namespace gk_sandbox

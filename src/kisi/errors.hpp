#pragma once

#include "http/message.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace gk::kisi {

/// What an error body says, safe to print: `error` and the flattened `errors` ("email: has already been
/// taken"), else `message`, else the raw text cut to 500 bytes; the six-character code in brackets
/// (kisi-api 4.1). Never empty.
[[nodiscard]] std::string error_text(std::string_view body);

/// The failure behind an answer without a success status (kisi-api 4.2). `outcome_unknown` for 5xx on
/// requests that write.
[[nodiscard]] Error error_from(const http::Response& response, http::Effect effect);

/// A refused POST that exists already: 409, or a 422 that says so; which one Kisi gives is unknown
/// (kisi-api 5.2, 7.2).
[[nodiscard]] bool is_duplicate(const Error& refusal);

/// Nothing that was asked for: an id that Kisi does not know, or does not show to the key's user (403 and
/// 404, kisi-api 4.2).
[[nodiscard]] bool is_out_of_sight(const Error& error);

/// Why the key's user may not read part of the account: 403 there means that a permission is lacking (auth).
[[nodiscard]] Error permission_error(Error error);

/// Why `what`, whose id comes from the configuration, could not be read. Category::config when it is out of
/// sight: the id is wrong, or the key's user sees too little.
[[nodiscard]] Error configured_id_error(std::string_view what, Error error);

/// The answer came but cannot be used.
[[nodiscard]] Error unusable(std::string message);

/// "asked for group 5, got group 7": the answer is about another object.
template <class Id>
[[nodiscard]] Error other_answer(std::string_view kind, const Id& asked, const Id& got) {
  return unusable(fmt::format("asked for {0} {1}, got {0} {2}", kind, asked, got));
}

}  // namespace gk::kisi

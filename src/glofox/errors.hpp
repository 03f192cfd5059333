#pragma once

#include <optional>
#include <span>
#include <string>

#include "domain/ids.hpp"
#include "http/message.hpp"
#include "json/document.hpp"
#include "json/row_stream.hpp"
#include "util/error.hpp"
#include "util/result.hpp"

namespace gk::glofox {

/// What Glofox says when it refuses, out of any of the shapes of glofox-api 1.4.
struct ApiRefusal {
  int http = 0;
  std::string
      code;  ///< message_code, error_code or code; maybe several with commas, maybe a sentence; maybe empty
  std::string message;  ///< maybe empty
};

/// What was asked for; the same answer means different things.
enum class Subject {
  branch,    ///< the location itself: a refusal means that its id or our access to it is wrong
  list,      ///< a list of the location
  person,    ///< one person by id
  optional,  ///< a route that a key may lack while all others work (glofox-api 1.4, 4.5)
};

/// From the first fields of envelope_fields() of a 2xx answer: only a boolean `success` that is false is a
/// refusal (glofox-api 1.4).
[[nodiscard]] std::optional<ApiRefusal> refusal_in(int http_status, std::span<const json::Scalar> fields);

/// From an answer that is not 2xx; the body may be anything.
[[nodiscard]] ApiRefusal read_refusal(const http::Response& response);

/// The category (contract 3) and a message for the operator, with what to check.
[[nodiscard]] Error refusal_error(const ApiRefusal& refusal, Subject subject, const BranchId& branch);

/// True for statuses 200 to 299.
[[nodiscard]] bool is_success(int http_status);

/// The answer's JSON; refusals, in whatever shape, are errors. Category::protocol with http_status 0 means
/// that the body was not JSON: asking again may help.
[[nodiscard]] Result<json::Document> read_answer(const http::Response& response, Subject subject,
                                                 const BranchId& branch);

/// Whether an error is a broken body, which is as transient as a broken connection (glofox-api 1.4).
[[nodiscard]] bool is_malformed(const Error& error);

}  // namespace gk::glofox

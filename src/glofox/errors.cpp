#include "glofox/errors.hpp"

#include <fmt/format.h>

#include <array>

#include "util/text.hpp"

namespace gk::glofox {

namespace {

constexpr std::array<std::string_view, 6> k_refusal_fields = {"success",    "message", "message_code",
                                                              "error_code", "code",    "status"};

bool contains_folded(std::string_view text, std::string_view word) {
  return ascii_lower(text).find(word) != std::string::npos;
}

/// A route or id that does not exist, whatever the HTTP status (glofox-api 1.4).
bool is_wrong_url(const ApiRefusal& refusal) {
  return contains_folded(refusal.code, "wrong_url") || contains_folded(refusal.message, "route not found") ||
         contains_folded(refusal.code, "route not found");
}

/// The gateway in front of Glofox answers a key that it does not know with this body and nothing else
/// (glofox-api 1.4).
bool is_gateway_forbidden(const ApiRefusal& refusal) {
  return refusal.http == 403 && refusal.code.empty() && trim(refusal.message) == "Forbidden";
}

/// "HTTP 400 INVALID_REQUEST: Invalid request".
std::string said(const ApiRefusal& refusal) {
  constexpr std::size_t k_longest = 120;
  std::string text = fmt::format("HTTP {}", refusal.http);
  if (!refusal.code.empty()) text += " " + printable(refusal.code, k_longest);
  if (!refusal.message.empty() && refusal.message != refusal.code)
    text += ": " + printable(refusal.message, k_longest);
  return text;
}

/// The two possible causes of a location that the service does not show (contract 3).
std::string location_advice(const BranchId& branch) {
  return fmt::format(
      "either location_id {0} is mistyped, or our key may not read it: ask Glofox support to allow location "
      "{0} for the integrator that owns this api_key, and check that api_key and api_token belong together",
      branch.value());
}

Error make(Category category, const ApiRefusal& refusal, std::string message) {
  return {category, fmt::format("{} ({})", message, said(refusal)), refusal.http};
}

Error credentials_error(const ApiRefusal& refusal) {
  if (refusal.http == 403) {
    return make(Category::auth, refusal,
                "Glofox's gateway does not know our API key: check glofox.api_key; a new one comes from the "
                "Glofox developer portal");
  }
  return make(Category::auth, refusal,
              "Glofox refuses our credentials: check glofox.api_key and glofox.api_token; they are two "
              "different values and must not be swapped");
}

Error forbidden_error(const ApiRefusal& refusal, Subject subject, const BranchId& branch) {
  switch (subject) {
    case Subject::branch:
    case Subject::list:
      if (is_gateway_forbidden(refusal)) return credentials_error(refusal);
      return make(Category::config, refusal,
                  "Glofox does not let us read this location: " + location_advice(branch));
    case Subject::person:
      return make(Category::forbidden, refusal, "Glofox does not let us read this person");
    case Subject::optional: break;
  }
  return make(Category::forbidden, refusal, "Glofox does not offer this route to our key");
}

Error missing_error(const ApiRefusal& refusal, Subject subject, const BranchId& branch) {
  switch (subject) {
    case Subject::branch:
    case Subject::list:
      return make(Category::config, refusal,
                  "Glofox does not know this location, or does not show it: " + location_advice(branch));
    case Subject::person: return make(Category::not_found, refusal, "Glofox does not know this person");
    case Subject::optional: break;
  }
  return make(Category::not_found, refusal, "Glofox does not have this object");
}

/// Whether the answer says that there is no such person. A proxy's page, a wrong route, or a refusal for any
/// other reason (missing headers look like that too, glofox-api 1.4) says nothing about the person.
bool says_absent(const ApiRefusal& refusal) {
  const std::string text = ascii_lower(refusal.code + " " + refusal.message);
  const bool named = text.find("not available") != std::string::npos ||
                     text.find("not found") != std::string::npos ||
                     text.find("not_found") != std::string::npos;
  return named && !is_wrong_url(refusal);
}

/// HTTP 200 with `success: false`.
Error unsuccessful_error(const ApiRefusal& refusal, Subject subject, const BranchId& branch) {
  switch (subject) {
    case Subject::branch:
    case Subject::person: return missing_error(refusal, subject, branch);
    case Subject::list: return make(Category::protocol, refusal, "Glofox refused a page of the list");
    case Subject::optional: break;
  }
  return make(Category::rejected, refusal, "Glofox refused the request");
}

}  // namespace

bool is_success(int http_status) { return http_status >= 200 && http_status < 300; }

std::optional<ApiRefusal> refusal_in(int http_status, std::span<const json::Scalar> fields) {
  if (is_success(http_status) && fields[0].as_bool() != false) return std::nullopt;
  const auto text = [&](std::size_t field) {
    return std::string(trim(fields[field].as_string().value_or("")));
  };
  ApiRefusal refusal{http_status, {}, text(1)};
  // v3 routes put a word into `status`, too; it is the least specific.
  for (std::size_t field = 2; field < fields.size() && refusal.code.empty(); ++field)
    refusal.code = text(field);
  return refusal;
}

ApiRefusal read_refusal(const http::Response& response) {
  const auto document = json::Document::parse(response.body);
  if (document) {
    if (auto refusal = refusal_in(response.status, json::pick(document->root(), k_refusal_fields)))
      return *refusal;
  }
  return {response.status, {}, {}};
}

Error refusal_error(const ApiRefusal& refusal, Subject subject, const BranchId& branch) {
  const int status = refusal.http;
  if (status == 401) {
    return subject == Subject::optional ? forbidden_error(refusal, subject, branch)
                                        : credentials_error(refusal);
  }
  if (status == 403) return forbidden_error(refusal, subject, branch);
  if (status == 429)
    return make(Category::rate_limited, refusal, "Glofox still limits our rate after all retries");
  if (status == 408 || status >= 500)
    return make(Category::unavailable, refusal, "Glofox is having trouble; try again later");
  const bool refused = status == 404 || is_wrong_url(refusal) || is_success(status);
  if (subject == Subject::person && refused && !says_absent(refusal)) {
    return make(Category::protocol, refusal,
                "Glofox refused to show this person, but did not say that there is no such person");
  }
  if (status == 404 || is_wrong_url(refusal)) return missing_error(refusal, subject, branch);
  if (is_success(status)) return unsuccessful_error(refusal, subject, branch);
  if (status >= 400) {
    // A refused read leaves us with nothing to use; a refused lookup or write concerns one person.
    const bool whole = subject == Subject::branch || subject == Subject::list;
    return make(whole ? Category::protocol : Category::rejected, refusal,
                "Glofox refused the request as invalid");
  }
  return make(Category::protocol, refusal,
              "Glofox answered with a redirect or an unusual status; redirects are not followed: check "
              "glofox.base_url");
}

Result<json::Document> read_answer(const http::Response& response, Subject subject, const BranchId& branch) {
  if (!is_success(response.status)) return fail(refusal_error(read_refusal(response), subject, branch));
  GK_TRY_ASSIGN(json::Document document, json::Document::parse(response.body));
  if (const auto refusal = refusal_in(response.status, json::pick(document.root(), k_refusal_fields))) {
    return fail(refusal_error(*refusal, subject, branch));
  }
  return document;
}

bool is_malformed(const Error& error) {
  return error.category == Category::protocol && error.http_status == 0;
}

}  // namespace gk::glofox

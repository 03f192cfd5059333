#include "kisi/errors.hpp"

#include "json/document.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace gk::kisi {

namespace {

constexpr std::size_t k_text_limit = 500;               // kisi-api 4.1
constexpr std::string_view k_gone_endpoint = "000404";  // kisi-api 4.2: the route itself does not exist

void append(std::string& text, std::string_view part, std::string_view separator) {
  if (part.empty()) return;
  if (!text.empty()) text += separator;
  text += part;
}

/// Messages of one field: a list of texts, or one text.
std::string field_messages(json::View value) {
  if (const auto text = value.as_string()) return std::string(*text);
  std::string messages;
  for (const json::View element : value.elements()) append(messages, element.as_string().value_or(""), ", ");
  return messages;
}

std::string flattened(json::View errors) {
  if (errors.kind() != json::Kind::object) return field_messages(errors);
  std::string text;
  for (const auto key : errors.keys())
    append(text, fmt::format("{}: {}", key, field_messages(errors[key])), "; ");
  return text;
}

std::string structured_text(json::View root) {
  std::string text(root["error"].as_string().value_or(""));
  append(text, flattened(root["errors"]), ": ");
  append(text, root["error_description"].as_string().value_or(""), ": ");
  if (text.empty()) text = root["message"].as_string().value_or("");
  return text;
}

bool is_gone_endpoint(std::string_view body) {
  const auto document = json::Document::parse(body);
  return document && document->root()["code"].as_string() == k_gone_endpoint;
}

Category category_of(const http::Response& response) {
  const int status = response.status;
  switch (status) {
    case 401: return Category::auth;
    case 403: return Category::forbidden;
    // A missing route must never look like a missing object: DELETE would count that as success.
    case 404: return is_gone_endpoint(response.body) ? Category::protocol : Category::not_found;
    case 409: return Category::conflict;
    case 429: return Category::rate_limited;
    default: break;
  }
  if (status >= 500) return Category::unavailable;
  return status >= 400 ? Category::rejected : Category::protocol;
}

}  // namespace

std::string error_text(std::string_view body) {
  if (trim(body).empty()) return "no details given";
  const auto document = json::Document::parse(body);
  if (document) {
    std::string text = printable(structured_text(document->root()), k_text_limit);
    const auto code = document->root()["code"].as_string().value_or("");
    if (!text.empty()) return code.empty() ? text : fmt::format("{} [{}]", text, printable(code, 12));
  }
  return printable(trim(body), k_text_limit);
}

Error error_from(const http::Response& response, http::Effect effect) {
  Error error;
  error.category = category_of(response);
  error.http_status = response.status;
  error.message = fmt::format("HTTP {}: {}", response.status, error_text(response.body));
  if (response.status >= 200 && response.status < 400) {
    error.message = fmt::format("HTTP {} is not an answer to this request", response.status);
  }
  error.outcome_unknown = effect == http::Effect::write && response.status >= 500;
  return error;
}

bool is_duplicate(const Error& refusal) {
  if (refusal.http_status == 409) return true;
  if (refusal.http_status != 422) return false;
  const std::string text = ascii_lower(refusal.message);
  const auto says = [&text](std::string_view word) { return text.find(word) != std::string::npos; };
  return says("already") || says("taken");
}

bool is_out_of_sight(const Error& error) {
  return error.category == Category::forbidden || error.category == Category::not_found;
}

Error permission_error(Error error) {
  if (error.category == Category::forbidden) error.category = Category::auth;
  return error;
}

Error configured_id_error(std::string_view what, Error error) {
  if (!is_out_of_sight(error)) return with_context(fmt::format("Kisi: {}", what), std::move(error));
  error.category = Category::config;
  error.message = fmt::format(
      "{} cannot be read: either the id is wrong (this Kisi organization has no such id), or the user "
      "behind the API key may not see it ({})",
      what, error.message);
  return error;
}

Error unusable(std::string message) { return Error{Category::protocol, std::move(message)}; }

}  // namespace gk::kisi

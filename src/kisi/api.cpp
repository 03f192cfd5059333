#include "kisi/api.hpp"

#include "kisi/errors.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <utility>

namespace gk::kisi {

Result<http::Response> Api::call(http::Request request) {
  const std::string endpoint = request.endpoint;
  const http::Effect effect = request.effect;
  auto response = http::send(transport_, std::move(request));
  if (!response) return response;
  note_deprecation(endpoint, response->headers);
  const int status = response->status;
  if (status == 200 || status == 201 || status == 204) return response;
  if (status == 422 && log_.enabled(LogLevel::debug)) {
    // Kisi has refused writes without a readable reason: then the body is all there is (kisi-api 7.2).
    log_.write(LogLevel::debug, "kisi refused",
               {{"endpoint", endpoint}, {"body", response->body.substr(0, 4000)}});
  }
  return fail(error_from(*response, effect));
}

Result<json::Document> Api::read(std::string path, std::string endpoint, std::vector<http::Param> query) {
  GK_TRY_ASSIGN(const http::Response response,
                call(http::get(std::move(path), std::move(endpoint), std::move(query))));
  return with_context("the answer cannot be used", json::Document::parse(response.body));
}

Result<http::Response> Api::write(http::Method method, std::string path, std::string endpoint,
                                  std::string body, bool must_follow) {
  http::Request request = http::get(std::move(path), std::move(endpoint));
  request.method = method;
  request.body = std::move(body);
  request.replay = method == http::Method::post ? http::Replay::once : http::Replay::idempotent;
  request.effect = http::Effect::write;
  request.must_follow = must_follow;
  return call(std::move(request));
}

void Api::note_deprecation(const std::string& endpoint, const http::Headers& headers) {
  const auto deprecation = headers.find("Deprecation");
  const auto sunset = headers.find("Sunset");
  if (!deprecation && !sunset) return;
  const auto is_same = [&endpoint](const Deprecation& known) { return known.endpoint == endpoint; };
  if (std::ranges::any_of(deprecations_, is_same)) return;
  const auto text = [](const std::optional<std::string_view>& value) {
    return printable(value.value_or(""));
  };
  deprecations_.push_back(Deprecation{endpoint, text(deprecation), text(sunset)});
}

}  // namespace gk::kisi

#pragma once

#include "http/transport.hpp"
#include "json/document.hpp"
#include "util/log.hpp"
#include "util/result.hpp"

#include <string>
#include <vector>

namespace gk::kisi {

/// Kisi announced that an endpoint will vanish (kisi-api 4.5). The dates are the raw header texts: their form
/// is unknown.
struct Deprecation {
  std::string endpoint;
  std::string deprecation;
  std::string sunset;
};

/// One request at a time to Kisi: statuses become Errors, deprecation headers are collected. Callers add the
/// context.
class Api {
 public:
  Api(http::Transport& transport, Log& log) : transport_(transport), log_(log) {}

  /// The answer, if its status is a success. Errors without an answer keep their category and
  /// `outcome_unknown`.
  [[nodiscard]] Result<http::Response> call(http::Request request);
  /// GET of one JSON value.
  [[nodiscard]] Result<json::Document> read(std::string path, std::string endpoint,
                                            std::vector<http::Param> query = {});
  /// A request that changes something; POST is never sent twice (kisi-api 4.4). `must_follow`: see
  /// http::Request.
  [[nodiscard]] Result<http::Response> write(http::Method method, std::string path, std::string endpoint,
                                             std::string body, bool must_follow = false);

  /// One entry per endpoint that answered with Deprecation or Sunset, in the order seen.
  [[nodiscard]] const std::vector<Deprecation>& deprecations() const { return deprecations_; }

 private:
  void note_deprecation(const std::string& endpoint, const http::Headers& headers);

  http::Transport& transport_;
  Log& log_;
  std::vector<Deprecation> deprecations_;
};

/// 250 for most lists, 100 for users: the documented maxima (kisi-api 3).
inline constexpr std::size_t k_list_limit = 250;
inline constexpr std::size_t k_user_limit = 100;

}  // namespace gk::kisi

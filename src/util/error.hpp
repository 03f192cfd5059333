#pragma once

#include <string>
#include <string_view>

namespace gk {

/// What kind of failure it was; decides the exit code (contract 3) and whether a retry may help.
enum class Category {
  usage,         ///< the command line is wrong (64)
  config,        ///< the configuration, or an id in it, is wrong (78)
  auth,          ///< credentials or permission refused (77)
  forbidden,     ///< 403 on one object or one write, while the key itself works
  not_found,     ///< the service does not know, or does not show, one object
  conflict,      ///< 409: it exists already
  rejected,      ///< 400 or 422: refused as invalid; never sent again in this run
  rate_limited,  ///< 429 after all retries (69)
  unavailable,   ///< connection, certificate or 5xx after all retries (69)
  protocol,      ///< an answer that cannot be used (65)
  locked,        ///< another run holds the lock (11)
  deadline,      ///< no time left to start this request (10)
  interrupted,   ///< a signal asked us to stop (128+n)
  internal,      ///< a bug (1)
};

/// The stable lower-case word for a category, as printed in logs and JSON.
[[nodiscard]] std::string_view category_name(Category category);

/// A failure as a value. `message` is written for the operator: what failed, and what to do if we know it.
struct Error {
  Category category = Category::internal;
  std::string message;
  int http_status = 0;           ///< 0 when no answer came
  bool outcome_unknown = false;  ///< a write was sent and may have taken effect (contract 7)
};

/// Whether the run has no time left or was told to stop.
[[nodiscard]] bool is_out_of_time(const Error& error);

/// Whether the failure is about the whole run and not about the one object that met it: is_out_of_time(), or
/// the credentials were refused. Not to be asked about a route that a key may lack while all others work
/// (glofox-api 1.4): there only is_out_of_time() ends the run.
[[nodiscard]] bool ends_run(const Error& error);

/// Prefixes the message: "Glofox members, page 3: <message>".
[[nodiscard]] Error with_context(std::string_view context, Error error);

}  // namespace gk

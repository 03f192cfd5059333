#include "util/error.hpp"

namespace gk {

std::string_view category_name(Category category) {
  switch (category) {
    case Category::usage: return "usage";
    case Category::config: return "config";
    case Category::auth: return "auth";
    case Category::forbidden: return "forbidden";
    case Category::not_found: return "not_found";
    case Category::conflict: return "conflict";
    case Category::rejected: return "rejected";
    case Category::rate_limited: return "rate_limited";
    case Category::unavailable: return "unavailable";
    case Category::protocol: return "protocol";
    case Category::locked: return "locked";
    case Category::deadline: return "deadline";
    case Category::interrupted: return "interrupted";
    case Category::internal: return "internal";
  }
  return "internal";
}

bool is_out_of_time(const Error& error) {
  return error.category == Category::deadline || error.category == Category::interrupted;
}

bool ends_run(const Error& error) { return error.category == Category::auth || is_out_of_time(error); }

Error with_context(std::string_view context, Error error) {
  error.message.insert(0, ": ").insert(0, context);
  return error;
}

}  // namespace gk

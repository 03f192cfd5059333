#include "checks/judge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gk::app {

std::string fix_of(const Error& error, const Service& service) {
  switch (error.category) {
    case Category::auth:
    case Category::forbidden: return std::string(service.key_fix);
    case Category::config:
    case Category::not_found:
      return "correct the id in the configuration, or give the key's user the right to see it";
    case Category::rate_limited:
      return fmt::format(
          "wait a few minutes; if it continues, see what else uses this {} key, or lower requests_per_second",
          service.name);
    case Category::unavailable:
      return fmt::format(
          "check that this machine can reach {} (network, proxy, clock, certificates) and that {} is up; "
          "then run this again",
          service.base_url, service.name);
    case Category::protocol:
    case Category::rejected:
    case Category::conflict:
      return fmt::format(
          "check that {} is {}'s API; if it is, run this again with -v and report what it says",
          service.base_url, service.name);
    case Category::usage:
    case Category::locked:
    case Category::deadline:
    case Category::interrupted:
    case Category::internal: break;
  }
  return "run this again with -v and report what it says";
}

std::string named(std::string_view name, std::string_view id) {
  return name.empty() ? std::string(id) : fmt::format("\"{}\" ({})", printable(name), id);
}

std::string listed(std::vector<std::string> names, std::size_t most) {
  const std::size_t count = names.size();
  names.resize(std::min(count, most));
  return fmt::format("{}{}", fmt::join(names, ", "),
                     count > most ? fmt::format(" and {} more", count - most) : "");
}

}  // namespace gk::app

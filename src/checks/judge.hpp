#pragma once

#include <string>
#include <string_view>

#include "checks/facts.hpp"
#include "checks/report.hpp"
#include "util/text.hpp"

/// What all judges share. A judge is a pure function of facts.
namespace gk::app {

/// The service that an answer came from, for the advice.
struct Service {
  std::string_view name;      ///< "Kisi"
  std::string_view base_url;  ///< where it was asked
  std::string_view key_fix;   ///< what to do when it refuses the credentials
};

/// What to do about a read that failed for a reason of its own, such as a network that is down.
[[nodiscard]] std::string fix_of(const Error& error, const Service& service);

/// Judges an answer by `judge_value`; without one, the error decides.
template <class T, class JudgeValue>
[[nodiscard]] Finding judge(const Fact<T>& fact, const Service& service, const JudgeValue& judge_value) {
  if (!fact) return skipped("not asked for: an earlier answer was missing");
  if (!*fact) return failed(fact->error(), fix_of(fact->error(), service));
  return judge_value(**fact);
}

/// `"riverside" (7)`, safe to print; names come from the services.
[[nodiscard]] std::string named(std::string_view name, std::string_view id);

/// "a, b and 7 more": at most `most` of the names.
[[nodiscard]] std::string listed(std::vector<std::string> names, std::size_t most);

/// What the key's user needs.
inline constexpr const char* k_permission_fix =
    "give the user behind the key the role of organization administrator in the Kisi dashboard";

}  // namespace gk::app

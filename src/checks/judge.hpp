#pragma once

#include <string>
#include <string_view>

#include "checks/facts.hpp"
#include "checks/report.hpp"

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

/// "riverside (7)", safe to print; names come from the services.
[[nodiscard]] std::string named(std::string_view name, std::string_view id);

/// "1 row", "3 rows"; `many` where that is not the plural.
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun, std::string_view many = "");

}  // namespace gk::app

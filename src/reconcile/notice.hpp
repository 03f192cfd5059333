#pragma once

#include <compare>
#include <string>

namespace gk::reconcile {

/// Something worth telling that changes nothing (contract 9). `kind` is one of the contract's words.
struct Notice {
  std::string kind;
  std::string who;  ///< as shown to people: an e-mail or a name; empty when it is about nobody in particular
  std::string detail;
  friend auto operator<=>(const Notice&, const Notice&) = default;
};

}  // namespace gk::reconcile

#pragma once

namespace gk {

/// Several lambdas as one visitor for std::visit. The guide is needed by clang 14.
template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

}  // namespace gk

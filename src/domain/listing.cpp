#include "domain/listing.hpp"

#include <fmt/format.h>

namespace gk {

std::optional<Error> incompleteness(const ListingTally& tally) {
  const auto unusable = [](std::string message) { return Error{Category::protocol, std::move(message)}; };
  if (tally.failed_page) return tally.failed_page;
  if (tally.unusable_rows > 0) return unusable(fmt::format("{} rows have no valid id", tally.unusable_rows));
  if (tally.total_moved) return unusable("the declared total changed while the pages were read");
  if (tally.repeated_rows > 0) {
    return unusable(
        fmt::format("{} of its rows appear twice: the list changed meanwhile", tally.repeated_rows));
  }
  if (!tally.ended_properly) return unusable("the last page was never reached");
  if (tally.declared_total && *tally.declared_total != tally.unique_rows) {
    return unusable(
        fmt::format("{} rows were read, {} were declared", tally.unique_rows, *tally.declared_total));
  }
  return std::nullopt;
}

}  // namespace gk

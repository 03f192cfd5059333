#pragma once

#include "checkin/ports.hpp"
#include "kisi/api.hpp"
#include "util/clock.hpp"
#include "util/log.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace gk::kisi {

/// How long and how often event sets are asked for (kisi-api 13.3, 13.4).
struct EventSetOptions {
  std::chrono::milliseconds between_sets{1050};     ///< Kisi takes one POST per second
  std::chrono::milliseconds between_polls{1000};    ///< while a set is in progress
  std::chrono::milliseconds finish_within{60'000};  ///< for one set to be finished
  int tries = 3;                                    ///< for one stretch of time, when its sets fail
  std::size_t cap = 10'000;                         ///< a set with so many events may lack some: it is split
  std::size_t max_pages = 1000;                     ///< of one set
};

/// Unlocks out of Kisi's event sets (kisi-api 13). Errors as of KisiClient; unavailable when the sets
/// keep failing or never finish. Creating a set only asks, so it counts as a read and may be repeated.
class EventSetClient final : public checkin::UnlockSource {
 public:
  EventSetClient(http::Transport& transport, Clock& clock, Log& log, EventSetOptions options = {})
      : api_(transport, log), clock_(clock), log_(log), options_(options) {}

  [[nodiscard]] Result<checkin::Unlocks> read_unlocks(const Window& span,
                                                      const std::optional<PlaceId>& place) override;

 private:
  using Events = std::map<std::string, checkin::Unlock>;  ///< by uuid
  struct Page;
  /// What reading one set gave.
  struct SetResult {
    Events events;
    std::size_t rows = 0;
    std::size_t unusable = 0;
    bool cut_short = false;
  };
  [[nodiscard]] Result<void> read_span(const Window& span, const std::optional<PlaceId>& place,
                                       SetResult& into);
  /// Nothing: the set failed or vanished, and a new one may do.
  [[nodiscard]] Result<std::optional<SetResult>> read_set(const Window& span,
                                                          const std::optional<PlaceId>& place);
  [[nodiscard]] Result<Page> create_set(const Window& span, const std::optional<PlaceId>& place);
  [[nodiscard]] Result<Page> read_page(std::int64_t set, const std::string& cursor);
  [[nodiscard]] Result<std::optional<Page>> wait_until_finished(Page page);

  Api api_;
  Clock& clock_;
  Log& log_;
  EventSetOptions options_;
  std::optional<SteadyTime> last_set_;
};

}  // namespace gk::kisi

#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "checkin/cache_files.hpp"
#include "domain/ids.hpp"
#include "util/result.hpp"
#include "util/time.hpp"

namespace gk::checkin {

/// How far the handling of an unlock at a location came.
enum class Stage {
  claimed,  ///< nothing was sent
  sending,  ///< the entry is being sent, or was when the program was stopped: it may have arrived
  entered,  ///< the entry was made; attendance may be open
  done,     ///< nothing is left to do
};

/// The right to handle one unlock at one location, held by at most one process; given back when it goes. What
/// it noted stays.
class Claim {
 public:
  [[nodiscard]] Stage stage() const { return stage_; }
  /// Category::internal when it cannot be written down.
  [[nodiscard]] Result<void> note(Stage stage);
  /// Forgets the unlock, so that it may be handled again.
  void release();

 private:
  friend class Cache;
  Claim(Descriptor directory, std::string name, Descriptor file, Stage stage)
      : directory_(std::move(directory)), name_(std::move(name)), file_(std::move(file)), stage_(stage) {}
  Descriptor directory_;
  std::string name_;
  Descriptor file_;
  Stage stage_;
};

/// One unlock, for the cache.
struct Seen {
  std::string uuid;
  Instant at{};  ///< of the unlock
};

/// Why there is no cache when its directory is empty.
inline constexpr const char* k_no_directory =
    "neither checkin.dedupe_dir nor $XDG_STATE_HOME nor $HOME says where the cache is";

/// The memory of check-in (contract 4, `dedupe_dir`): which unlocks were handled, and when a person's
/// entries were made. `<directory>/<location>/<UTC day>/<SHA-256 of the uuid>` holds the stage,
/// `<directory>/<location>/people/<member>` the times; losing any of it can at worst repeat an entry. Safe
/// between processes; opens nothing before it is used. Every failure is Category::internal and says that the
/// cache cannot be used.
class Cache {
 public:
  struct Options {
    std::string directory;         ///< absolute; empty: not known
    std::string location;          ///< the Glofox location: entries belong to it
    std::chrono::seconds keep{0};  ///< the longest `max_age`: older unlocks are refused before they come here
  };
  explicit Cache(Options options) : options_(std::move(options)) {}

  /// Nothing: the unlock is done, or another process has it now.
  [[nodiscard]] Result<std::optional<Claim>> claim(const Seen& seen) const;
  /// What is known of an unlock, without touching anything; nothing when it is new or unknown.
  [[nodiscard]] std::optional<Stage> peek(const Seen& seen) const;

  /// Whether an entry of this person at this time is the only one within `debounce`; then it is written down.
  /// The same unlock may ask again.
  [[nodiscard]] Result<bool> reserve_entry(MemberId member, const Seen& seen,
                                           std::chrono::seconds debounce) const;
  /// The entry was certainly not made.
  void cancel_entry(MemberId member, const Seen& seen) const;
  /// As reserve_entry(), but only looks.
  [[nodiscard]] bool is_debounced(MemberId member, const Seen& seen, std::chrono::seconds debounce) const;

  /// The user behind a Kisi key, remembered for a day so that a hook need not ask. `key`: a fingerprint.
  [[nodiscard]] std::optional<UserId> recall_own_user(const std::string& key, Instant now) const;
  void remember_own_user(const std::string& key, UserId user, Instant now) const;

  /// Removes what is older than every unlock that can still come, at most `limit` files.
  void prune(Instant now, std::size_t limit) const;

 private:
  /// The location's directory below the root.
  [[nodiscard]] Result<std::optional<Descriptor>> open_location(bool make) const;
  [[nodiscard]] Result<std::optional<Descriptor>> open_part(const std::string& name, bool make) const;
  struct PersonFile;
  [[nodiscard]] Result<std::optional<PersonFile>> open_person(MemberId member, bool make) const;
  [[nodiscard]] std::size_t prune_day(const Descriptor& location, const std::string& day,
                                      std::size_t limit) const;
  [[nodiscard]] std::size_t prune_people(const Descriptor& location, Instant now, std::size_t limit) const;

  Options options_;
};

}  // namespace gk::checkin

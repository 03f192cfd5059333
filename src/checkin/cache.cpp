#include "checkin/cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <thread>
#include <vector>

#include "util/digest.hpp"

namespace gk::checkin {

namespace {

constexpr std::size_t k_stage_bytes = 8;
constexpr std::size_t k_person_bytes = std::size_t{64} << 10U;
constexpr const char* k_people = "people";
constexpr std::chrono::seconds k_day = std::chrono::hours{24};

/// All of the same length, so that a change never needs more room on the disk.
std::string_view stage_text(Stage stage) {
  switch (stage) {
    case Stage::claimed: return "claimed\n";
    case Stage::sending: return "sending\n";
    case Stage::entered: return "entered\n";
    case Stage::done: break;
  }
  return "done   \n";
}

/// A new file is empty until its first note, which comes before anything is sent. Text that we did not write
/// says nothing: an entry may have been sent.
Stage parse_stage(std::string_view text) {
  if (text.empty()) return Stage::claimed;
  for (const Stage stage : {Stage::claimed, Stage::entered, Stage::done}) {
    if (text == stage_text(stage)) return stage;
  }
  return Stage::sending;
}

std::string day_name(Instant at) {
  return format_rfc3339(at).substr(0, std::string_view("2026-03-01").size());
}

/// One entry of a person: when, and of which event.
struct NotedEntry {
  std::int64_t at = 0;
  std::string mark;
};

constexpr std::size_t k_mark_digits = 16;  ///< of the hash; enough to tell a person's own events apart

std::string unlock_mark(const Seen& seen) { return sha256_hex(seen.uuid).substr(0, k_mark_digits); }

std::int64_t epoch(Instant at) { return at.time_since_epoch().count(); }

std::vector<NotedEntry> parse_entries(std::string_view text) {
  std::vector<NotedEntry> entries;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    NotedEntry entry;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), entry.at);
    const auto rest = line.substr(static_cast<std::size_t>(end - line.data()));
    if (error != std::errc{} || rest.size() != 1 + k_mark_digits) continue;
    entry.mark = rest.substr(1);
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string format_entries(const std::vector<NotedEntry>& entries) {
  std::string text;
  for (const NotedEntry& entry : entries) text += fmt::format("{} {}\n", entry.at, entry.mark);
  return text;
}

bool is_reserved(const std::vector<NotedEntry>& entries, const std::string& mark) {
  return std::ranges::any_of(entries, [&](const NotedEntry& entry) { return entry.mark == mark; });
}

bool is_near(const std::vector<NotedEntry>& entries, const Seen& seen, std::chrono::seconds debounce) {
  return std::ranges::any_of(entries, [&](const NotedEntry& entry) {
    const std::int64_t apart =
        entry.at > epoch(seen.at) ? entry.at - epoch(seen.at) : epoch(seen.at) - entry.at;
    return apart < debounce.count();
  });
}

/// Only days have this form in a location's directory.
std::optional<Instant> parse_day(const std::string& name) {
  const auto day = parse_rfc3339(name + "T00:00:00Z");
  return day ? std::optional<Instant>(*day) : std::nullopt;
}

template <class T>
Result<T> usable(Result<T> result) {
  return with_context("the cache of check-ins cannot be used", std::move(result));
}

}  // namespace

Result<void> Claim::note(Stage stage) {
  GK_TRY(files::write_text(file_, stage_text(stage)));
  stage_ = stage;
  return {};
}

void Claim::release() { files::remove(directory_, name_); }

Result<std::optional<Descriptor>> Cache::open_location(bool make) const {
  if (options_.directory.empty()) return fail(Category::internal, k_no_directory);
  GK_TRY_ASSIGN(const std::optional<Descriptor> root, files::open_root(options_.directory, make));
  if (!root) return std::optional<Descriptor>();
  const bool safe = is_glofox_id(options_.location);
  return files::open_directory(*root, safe ? options_.location : sha256_hex(options_.location), make);
}

Result<std::optional<Descriptor>> Cache::open_part(const std::string& name, bool make) const {
  GK_TRY_ASSIGN(const std::optional<Descriptor> location, open_location(make));
  if (!location) return std::optional<Descriptor>();
  return files::open_directory(*location, name, make);
}

Result<std::optional<Claim>> Cache::claim(const Seen& seen) const {
  GK_TRY_ASSIGN(std::optional<Descriptor> day, usable(open_part(day_name(seen.at), true)));
  const std::string name = sha256_hex(seen.uuid);  // a safe file name for any text
  GK_TRY_ASSIGN(files::LockedFile locked, usable(files::open_locked(*day, name, true)));
  if (locked.presence == files::Presence::busy) return std::optional<Claim>();
  Stage stage = Stage::claimed;
  if (locked.presence == files::Presence::found) {
    GK_TRY_ASSIGN(const std::string text, usable(files::read_text(locked.file, k_stage_bytes + 1)));
    stage = parse_stage(text);
  }
  if (stage == Stage::done) return std::optional<Claim>();
  Claim claim(*std::move(day), name, std::move(locked.file), stage);
  if (locked.presence == files::Presence::created) {
    if (const auto noted = usable(claim.note(Stage::claimed)); !noted) {
      claim.release();
      return fail(noted.error());
    }
  }
  return std::optional<Claim>(std::move(claim));
}

std::optional<Stage> Cache::peek(const Seen& seen) const {
  const auto day = open_part(day_name(seen.at), false);
  if (!day || !*day) return std::nullopt;
  const auto text = files::read_small(**day, sha256_hex(seen.uuid));
  return text ? std::optional<Stage>(parse_stage(*text)) : std::nullopt;
}

/// A person's file, locked, and the entries in it.
struct Cache::PersonFile {
  Descriptor file;
  std::vector<NotedEntry> entries;
};

/// Nothing when there is no such file and `make` is false. Waits for the lock, which nobody holds longer than
/// it takes to write a few lines.
Result<std::optional<Cache::PersonFile>> Cache::open_person(MemberId member, bool make) const {
  constexpr std::chrono::milliseconds k_pause{2};
  constexpr int k_tries = 1000;
  GK_TRY_ASSIGN(const std::optional<Descriptor> people, open_part(k_people, make));
  if (!people) return std::optional<PersonFile>();
  for (int i = 0; i < k_tries; ++i) {
    GK_TRY_ASSIGN(files::LockedFile locked, files::open_locked(*people, member.text(), make));
    if (locked.presence == files::Presence::absent) return std::optional<PersonFile>();
    if (locked.presence != files::Presence::busy) {
      GK_TRY_ASSIGN(const std::string text, files::read_text(locked.file, k_person_bytes));
      return std::optional(PersonFile{std::move(locked.file), parse_entries(text)});
    }
    std::this_thread::sleep_for(k_pause);
  }
  return fail(Category::internal, fmt::format("{} stays locked", member));
}

Result<bool> Cache::reserve_entry(MemberId member, const Seen& seen, std::chrono::seconds debounce) const {
  GK_TRY_ASSIGN(std::optional<PersonFile> person, usable(open_person(member, true)));
  std::vector<NotedEntry>& entries = person->entries;
  const std::string mark = unlock_mark(seen);
  if (is_reserved(entries, mark)) return true;
  if (is_near(entries, seen, debounce)) return false;
  entries.push_back({epoch(seen.at), mark});
  const std::int64_t newest = std::ranges::max(entries, {}, &NotedEntry::at).at;
  const std::int64_t oldest = newest - (options_.keep + debounce + k_day).count();
  std::erase_if(entries, [oldest](const NotedEntry& entry) { return entry.at < oldest; });
  GK_TRY(usable(files::write_text(person->file, format_entries(entries))));
  return true;
}

void Cache::cancel_entry(MemberId member, const Seen& seen) const {
  auto person = open_person(member, false);
  if (!person || !*person) return;
  std::vector<NotedEntry>& entries = (*person)->entries;
  std::erase_if(entries, [mark = unlock_mark(seen)](const NotedEntry& entry) { return entry.mark == mark; });
  // The file only gets shorter. If writing fails all the same, one more entry is held back; the report says
  // so.
  static_cast<void>(files::write_text((*person)->file, format_entries(entries)).has_value());
}

bool Cache::is_debounced(MemberId member, const Seen& seen, std::chrono::seconds debounce) const {
  const auto person = open_person(member, false);
  if (!person || !*person) return false;
  const std::vector<NotedEntry>& entries = (*person)->entries;
  return !is_reserved(entries, unlock_mark(seen)) && is_near(entries, seen, debounce);
}

std::optional<UserId> Cache::recall_own_user(const std::string& key, Instant now) const {
  if (options_.directory.empty()) return std::nullopt;
  const auto root = files::open_root(options_.directory, false);
  if (!root || !*root) return std::nullopt;
  const auto text = files::read_small(**root, "kisi-user-" + key);
  if (!text) return std::nullopt;
  const std::size_t space = text->find(' ');
  if (space == std::string::npos || !text->ends_with('\n')) return std::nullopt;
  std::int64_t user = 0;
  std::int64_t at = 0;
  const char* const end = text->data() + text->size() - 1;
  const bool readable = std::from_chars(text->data(), text->data() + space, user).ec == std::errc{} &&
                        std::from_chars(text->data() + space + 1, end, at).ec == std::errc{};
  const bool fresh = at <= epoch(now) && epoch(now) - at < k_day.count();
  return readable && fresh && user > 0 ? std::optional<UserId>(UserId(user)) : std::nullopt;
}

void Cache::remember_own_user(const std::string& key, UserId user, Instant now) const {
  if (options_.directory.empty()) return;
  const auto root = files::open_root(options_.directory, true);
  if (!root || !*root) return;
  // If this fails, the next call asks Kisi again.
  static_cast<void>(
      files::replace(**root, "kisi-user-" + key, fmt::format("{} {}\n", user, epoch(now))).has_value());
}

std::size_t Cache::prune_day(const Descriptor& location, const std::string& day, std::size_t limit) const {
  const auto directory = files::open_directory(location, day, false);
  if (!directory || !*directory) return 0;
  std::size_t removed = 0;
  for (const std::string& name : files::list(**directory)) {
    if (removed == limit) return removed;
    files::remove(**directory, name);
    ++removed;
  }
  files::remove(location, day, true);
  return removed;
}

std::size_t Cache::prune_people(const Descriptor& location, Instant now, std::size_t limit) const {
  const auto people = files::open_directory(location, k_people, false);
  if (!people || !*people) return 0;
  const std::int64_t oldest = epoch(now - options_.keep - 2 * k_day);
  std::size_t removed = 0;
  for (const std::string& name : files::list(**people)) {
    if (removed == limit) break;
    const auto locked = files::open_locked(**people, name, false);
    if (!locked || locked->presence != files::Presence::found) continue;
    const auto text = files::read_text(locked->file, k_person_bytes);
    if (!text) continue;
    const std::vector<NotedEntry> entries = parse_entries(*text);
    if (std::ranges::any_of(entries, [oldest](const NotedEntry& entry) { return entry.at >= oldest; }))
      continue;
    files::remove(**people, name);
    ++removed;
  }
  return removed;
}

void Cache::prune(Instant now, std::size_t limit) const {
  const auto location = open_location(false);
  if (!location || !*location) return;
  std::size_t left = limit;
  for (const std::string& name : files::list(**location)) {
    const auto day = parse_day(name);
    if (left == 0) return;
    if (day && *day + 2 * k_day + options_.keep < now) left -= prune_day(**location, name, left);
  }
  // Only the run from cron looks at every person; a hook has no time for it.
  if (limit == std::numeric_limits<std::size_t>::max())
    static_cast<void>(prune_people(**location, now, left));
}

}  // namespace gk::checkin

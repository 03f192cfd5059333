#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"
#include "support/process.hpp"

namespace gk::test {

namespace json = gk::json;

/// The fixed points of every sandbox (its --help and docs/sandbox.md).
inline constexpr std::string_view k_branch = "64b0c0ffee00000000000b01";
inline constexpr std::string_view k_other_branch = "64b0c0ffee00000000000b02";
inline constexpr std::int64_t k_group = 45510;
inline constexpr std::int64_t k_place_group = 45511;  ///< belongs to a place, so it is refused
inline constexpr std::int64_t k_second_group = 45512;
inline constexpr std::int64_t k_old_group = 45513;

/// What the product's configuration says. The texts are JSON members, each with a comma before it.
struct Settings {
  std::string kisi_secret;         ///< of kisi.api_key; the sandbox's own file by default
  std::string glofox_key_secret;   ///< of glofox.api_key
  std::string kisi;                ///< more members of "kisi"
  std::string glofox;              ///< more members of "glofox"
  std::string integration;         ///< more members of the integration "riverside"
  std::string more_integrations;   ///< more elements of "integrations"
  std::string location{k_branch};  ///< of "riverside"
  std::int64_t group = k_group;    ///< of "riverside"
  int kisi_rate = 100000;
};

/// What one service was asked since the journal was cleared.
struct Traffic {
  std::int64_t requests = 0;
  std::int64_t writes = 0;
  std::int64_t throttled = 0;
  std::int64_t most_in_one_second = 0;
};

struct JournalEntry {
  std::string service;
  std::string method;
  std::string path;
  std::string query;
  std::string body;
  int status = 0;
  bool write = false;
};

struct GroupRow {
  std::string email;
  std::string from;   ///< empty: from ever
  std::string until;  ///< empty: open-ended
  bool ours = false;
  friend auto operator<=>(const GroupRow&, const GroupRow&) = default;
};

/// Epoch seconds so many hours from now.
[[nodiscard]] std::string hours_from_now(std::int64_t hours);

/// A membership as Glofox shows it; empty members are left out.
struct Membership {
  std::string type = "time";
  std::string status = "ACTIVE";
  std::string start = hours_from_now(-240);
  std::string expiry = hours_from_now(480);
  std::string name = "Unlimited";
  [[nodiscard]] std::string json() const;
};

/// One made-up gym: a sandbox of its own, a directory of its own, and the product run against it.
class SandboxGym {
 public:
  /// Arguments of the sandbox, e.g. {"--people", "20"}; without any, nobody is a member.
  explicit SandboxGym(const std::vector<std::string>& sandbox_arguments = {"--people", "0"});
  ~SandboxGym();
  SandboxGym(const SandboxGym&) = delete;
  SandboxGym& operator=(const SandboxGym&) = delete;

  Settings settings;
  std::map<std::string, std::string> environment;  ///< of the product, beyond the directories

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] std::string config_path() const { return (directory_ / "product.json").string(); }
  [[nodiscard]] std::string kisi_url() const { return kisi_url_; }
  [[nodiscard]] std::string glofox_url() const { return glofox_url_; }
  /// All three secrets of the installation.
  [[nodiscard]] std::vector<std::string> secrets() const { return {kisi_key_, glofox_key_, glofox_token_}; }
  std::string write_file(std::string_view name, std::string_view text, unsigned mode = 0600) const;

  // The product. Every start writes the configuration anew from the settings.
  [[nodiscard]] Program product(std::vector<std::string> arguments) const;
  [[nodiscard]] Program sync_program(const std::vector<std::string>& more = {}) const;
  Ended sync(const std::vector<std::string>& more = {}) const;
  [[nodiscard]] Program bookings_program(const std::vector<std::string>& more = {}) const;
  /// sync-bookings.
  Ended sync_bookings(const std::vector<std::string>& more = {}) const;
  /// A dry run's report.
  [[nodiscard]] json::Document preview(const std::vector<std::string>& more = {}) const;
  [[nodiscard]] std::string config_text() const;
  /// Off when a test writes the configuration by hand.
  bool writes_config = true;

  // The sandbox's control routes.
  std::string get(const std::string& path) const;
  std::string post(const std::string& path, const std::string& body) const;
  std::string put(const std::string& path, const std::string& body) const;
  std::string patch(const std::string& path, const std::string& body) const;
  std::string erase(const std::string& path) const;

  void set_switch(std::string_view name, std::string_view value) const;
  void add_fault(const std::string& description) const { post("/faults", description); }
  void clear_faults() const { erase("/faults"); }
  /// How often the faults have happened, all together.
  [[nodiscard]] std::int64_t fault_hits() const;
  void clear_journal() const { erase("/journal"); }
  [[nodiscard]] Traffic kisi() const { return traffic("kisi"); }
  [[nodiscard]] Traffic glofox() const { return traffic("glofox"); }
  [[nodiscard]] std::int64_t writes() const { return kisi().writes + glofox().writes; }
  [[nodiscard]] std::vector<JournalEntry> journal(bool writes_only = false) const;

  /// So many requests to Kisi that are not the product's.
  void disturb_kisi(int requests) const;

  /// Somebody of the branch, with an active membership unless another is given; `more` has JSON members, each
  /// with a comma before it. Returns the Glofox id.
  std::string add_member(std::string_view email, const std::string& more = {}) const;
  std::string add_member(std::string_view email, const Membership& membership,
                         const std::string& more = {}) const;
  void change_membership(const std::string& id, const Membership& membership) const;
  void change_person(const std::string& id, const std::string& fields) const;
  void remove_person(const std::string& id) const { erase("/people/" + id); }
  /// A booking of a class, times as RFC 3339 or wall clock; `more` as in add_member(). Returns its id.
  std::string add_booking(std::string_view member, std::string_view start, std::string_view finish,
                          const std::string& more = {}) const;
  /// A row of the group; by default ours and open-ended. Returns its id.
  std::int64_t add_row(std::string_view email, const std::string& more = {}) const;
  /// A Kisi user. Returns its id.
  std::int64_t add_user(std::string_view email, const std::string& more = {}) const;

  [[nodiscard]] std::vector<GroupRow> group(std::int64_t id = k_group) const;
  /// Sorted addresses of our open-ended rows.
  [[nodiscard]] std::vector<std::string> members_inside(std::int64_t id = k_group) const;
  /// The sandbox's own opinion of who should be inside, sorted.
  [[nodiscard]] std::vector<std::string> expected() const;
  /// Its opinion of the windows that bookings open, whatever the membership, as rows of ours, sorted.
  [[nodiscard]] std::vector<GroupRow> expected_windows() const;
  /// Our rows with an end, sorted.
  [[nodiscard]] std::vector<GroupRow> windows(std::int64_t id = k_group) const;
  /// Kisi users whose e-mail is this one.
  [[nodiscard]] std::vector<std::string> users(std::string_view email) const;
  [[nodiscard]] std::vector<std::string> all_user_emails() const;

 private:
  [[nodiscard]] Traffic traffic(const char* service) const;
  /// With GK_E2E_TWICE set, what every scenario ends with: the syncs that it used settle, and a run after
  /// that writes nothing.
  void check_second_run() const;

  mutable std::set<std::string> syncs_;  ///< commands that were started
  std::filesystem::path directory_;
  std::unique_ptr<Process> sandbox_;
  std::string control_url_;
  std::string kisi_url_;
  std::string glofox_url_;
  std::string kisi_key_;
  std::string glofox_key_;
  std::string glofox_token_;
};

/// RFC 3339 UTC, so many minutes from now.
[[nodiscard]] std::string time_from_now(std::int64_t minutes);

/// Parses, or fails the test with the text.
[[nodiscard]] json::Document parse(const std::string& text);
[[nodiscard]] std::string text_of(json::View value);
[[nodiscard]] std::int64_t number_of(json::View value);

/// "action email cause outcome" of every action of the first integration, sorted.
[[nodiscard]] std::vector<std::string> actions_of(const json::Document& report);
/// Whether a notice of this kind is in the report.
[[nodiscard]] bool has_notice(const json::Document& report, std::string_view kind);

/// Fails the test unless the run ended with this code; shows the output if not.
void require_exit(const Ended& run, int code);
/// A further run ends with 0, writes nothing, and the group is what the sandbox says.
void require_settled(const SandboxGym& gym);
/// One undisturbed run brings the rest, and after it require_settled() holds.
void require_completion(const SandboxGym& gym);
/// Waits until a fault holds a request of the run.
void wait_for_fault(const SandboxGym& gym, Process& run);
/// Runs a program and kills it while its n-th request to either service is held: `fault` is timeout_before or
/// timeout_after.
void kill_at_request(const SandboxGym& gym, const Program& program, std::int64_t number,
                     const std::string& fault);
/// Something to do of every kind: new people, a user to adopt, somebody in the former group k_old_group, a
/// duplicate row, a removal.
void add_people_of_every_kind(const SandboxGym& gym);
/// No address has two users, and no person two rows.
void require_no_duplicates(const SandboxGym& gym);
[[nodiscard]] bool contains(std::string_view text, std::string_view part);

}  // namespace gk::test

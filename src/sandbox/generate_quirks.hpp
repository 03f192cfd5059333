#pragma once

#include "world.hpp"

#include <random>
#include <string>

namespace gk_sandbox {

/// The combinations of type and status that one studio showed (glofox-api 4.3).
enum class MembershipKind { payg, pack, classes_active, time_active, classes_paused, pack_locked };

/// A person who is being made. Members with `_json` in the name hold JSON text; empty means that the key is
/// absent.
struct PersonDraft {
  MembershipKind kind = MembershipKind::payg;
  std::string id;
  std::string first;
  std::string last;
  std::string email_json;
  std::string account_email;
  std::string phone;
  std::string active_json = "true";
  std::string branch;
  std::string origin;
  std::string membership_json;
  std::string start_json;
  std::string expiry_json;
  std::string status;
  std::string extra;  ///< Further members, each with a comma before it.
  std::string lead_status = "MEMBER";
  std::string source = "WEBPORTAL";
  Epoch created = 0;
  Epoch modified = 0;
};

/// Turns plain people into the messy ones of glofox-api 11: each oddity once, in order, then some at random.
class Quirks {
 public:
  Quirks(World& world, std::mt19937_64& random, Epoch now)
      : world_(world), random_(random), zone_(world.zone_of(world.installation.branch_id)), now_(now) {}

  /// For people with access; the oddities that take it away come last.
  void bend_member(PersonDraft& draft);
  void bend_other(PersonDraft& draft);

 private:
  std::string family_email(std::size_t number);
  void second_account(PersonDraft& draft);
  void lead(PersonDraft& draft);
  void child(PersonDraft& draft, bool without_email) const;
  void staff(PersonDraft& draft);

  World& world_;
  std::mt19937_64& random_;
  const Zone& zone_;
  Epoch now_;
  std::size_t members_ = 0;
  std::size_t others_ = 0;
  std::string shared_email_;  ///< Waits for the second member of a family.
  std::string second_email_;  ///< Waits for the older lead account of a member.
};

/// As a JSON string.
[[nodiscard]] std::string json_quoted(std::string_view text);

}  // namespace gk_sandbox

#include "generate_quirks.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <utility>

namespace gk_sandbox {

namespace {

/// Oddities of people who would otherwise have access; with the first twenty they keep it.
enum class MemberQuirk {
  mixed_case_email,
  spaced_email,
  family_email,
  second_account,
  start_absent,
  start_null,
  start_empty,
  start_text,
  start_object,
  expiry_milliseconds,
  expiry_absent,
  expiry_text,
  no_active_key,
  non_latin_name,
  one_word_name,
  shared_phone,
  roaming,
  within_grace,
  expires_today,
  extra_spaces,
  future_start,
  past_grace,
  email_missing,
  email_blank,
  email_no_address,
  deleted,
  count
};

/// Oddities of everybody else.
enum class OtherQuirk {
  email_missing,
  email_blank,
  email_no_address,
  lead,
  deleted,
  roaming,
  classpass,
  blank_name,
  one_word_name,
  non_latin_name,
  shared_phone,
  child,
  child_of_other,
  membership_absent,
  membership_list,
  membership_text,
  unknown_type,
  staff,
  start_null,
  start_empty,
  start_object,
  start_text,
  mixed_case_email,
  spaced_email,
  unknown_status,
  cancelled,
  expired,
  gympass,
  merged,
  count
};

void mix_case(PersonDraft& draft) {
  std::string email = draft.account_email;
  email.front() = static_cast<char>(email.front() - 'a' + 'A');
  const auto at = email.find('@');
  draft.email_json = json_quoted(email.substr(0, at) + "@Example.COM");
}

}  // namespace

std::string json_quoted(std::string_view text) { return JsonText().value(text).text(); }

void Quirks::bend_member(PersonDraft& draft) {
  constexpr auto k_count = static_cast<std::size_t>(MemberQuirk::count);
  const std::size_t number = members_++;
  const bool early = number < k_count;
  if (!early && random_() % 8 != 0) {
    return;
  }
  // Few of many people lose their access by an oddity, so that a large group stays large.
  const auto quirk = static_cast<MemberQuirk>(early ? number : random_() % k_count);
  const Epoch start = to_int(draft.start_json).value_or(0);
  const Epoch expiry = to_int(draft.expiry_json).value_or(0);
  switch (quirk) {
    case MemberQuirk::mixed_case_email: mix_case(draft); break;
    case MemberQuirk::spaced_email: draft.email_json = json_quoted("  " + draft.account_email + " "); break;
    case MemberQuirk::family_email: draft.email_json = json_quoted(family_email(number)); break;
    case MemberQuirk::second_account: second_account(draft); break;
    case MemberQuirk::start_absent: draft.start_json.clear(); break;
    case MemberQuirk::start_null: draft.start_json = "null"; break;
    case MemberQuirk::start_empty: draft.start_json = "\"\""; break;
    case MemberQuirk::start_text: draft.start_json = fmt::format("\"{}\"", start); break;
    case MemberQuirk::start_object:
      draft.start_json = fmt::format(R"({{"sec":{},"usec":615000}})", start);
      break;
    case MemberQuirk::expiry_milliseconds: draft.expiry_json += "000"; break;
    case MemberQuirk::expiry_absent: draft.expiry_json.clear(); break;
    case MemberQuirk::expiry_text: draft.expiry_json = fmt::format("\"{}\"", expiry); break;
    case MemberQuirk::no_active_key: draft.active_json.clear(); break;
    case MemberQuirk::non_latin_name:
      draft.first = "Анна";
      draft.last = "東京";
      break;
    case MemberQuirk::one_word_name: draft.last.clear(); break;
    case MemberQuirk::shared_phone: draft.phone = "0000000000"; break;
    case MemberQuirk::roaming: draft.origin = world_.installation.scope.back(); break;
    case MemberQuirk::within_grace: draft.expiry_json = std::to_string(zone_.local_midnight(now_, -1)); break;
    case MemberQuirk::expires_today: draft.expiry_json = std::to_string(zone_.local_midnight(now_)); break;
    case MemberQuirk::extra_spaces:
      draft.first += " ";
      draft.last = "  " + draft.last + " ";
      break;
    case MemberQuirk::future_start: draft.start_json = std::to_string(zone_.local_midnight(now_, 3)); break;
    case MemberQuirk::past_grace: draft.expiry_json = std::to_string(zone_.local_midnight(now_, -6)); break;
    case MemberQuirk::email_missing: draft.email_json.clear(); break;
    case MemberQuirk::email_blank: draft.email_json = "\" \""; break;
    case MemberQuirk::email_no_address: draft.email_json = "\"walk-in\""; break;
    case MemberQuirk::deleted: draft.active_json = "false"; break;
    case MemberQuirk::count: break;
  }
}

void Quirks::bend_other(PersonDraft& draft) {
  constexpr auto k_count = static_cast<std::size_t>(OtherQuirk::count);
  const std::size_t number = others_++;
  const bool early = number >= 4 && number < 4 + k_count;
  if (!early && random_() % 9 != 0) {
    return;
  }
  auto quirk = static_cast<OtherQuirk>(early ? number - 4 : random_() % k_count);
  const bool once =
      quirk == OtherQuirk::unknown_type || quirk == OtherQuirk::staff || quirk == OtherQuirk::unknown_status;
  quirk = !early && once ? OtherQuirk::lead : quirk;
  const std::string start =
      draft.start_json.empty() ? std::to_string(zone_.local_midnight(now_, -9)) : draft.start_json;
  switch (quirk) {
    case OtherQuirk::email_missing: draft.email_json.clear(); break;
    case OtherQuirk::email_blank: draft.email_json = number % 2 == 0 ? "\"\"" : "\"   \""; break;
    case OtherQuirk::email_no_address: draft.email_json = "\"none@\""; break;
    case OtherQuirk::lead: lead(draft); break;
    case OtherQuirk::deleted: draft.active_json = "false"; break;
    case OtherQuirk::roaming: draft.origin = world_.installation.scope.back(); break;
    case OtherQuirk::classpass:
      draft.extra += R"(,"origin":"classpass")";
      draft.source = "CLASSPASS";
      break;
    case OtherQuirk::blank_name: draft.first = draft.last = ""; break;
    case OtherQuirk::one_word_name: draft.last.clear(); break;
    case OtherQuirk::non_latin_name:
      draft.first = "Ωμέγα";
      draft.last = "שרה";
      break;
    case OtherQuirk::shared_phone: draft.phone = "0000000000"; break;
    case OtherQuirk::child: child(draft, true); break;
    case OtherQuirk::child_of_other: child(draft, false); break;
    case OtherQuirk::membership_absent: draft.membership_json = "absent"; break;
    case OtherQuirk::membership_list: draft.membership_json = "[]"; break;
    case OtherQuirk::membership_text: draft.membership_json = "\"\""; break;
    case OtherQuirk::unknown_type: draft.membership_json = R"({"type":"lifetime","status":"ACTIVE"})"; break;
    case OtherQuirk::staff: staff(draft); break;
    case OtherQuirk::start_null: draft.start_json = "null"; break;
    case OtherQuirk::start_empty: draft.start_json = "\"\""; break;
    case OtherQuirk::start_object: draft.start_json = fmt::format(R"({{"sec":{},"usec":0}})", start); break;
    case OtherQuirk::start_text: draft.start_json = fmt::format("\"{}\"", start); break;
    case OtherQuirk::mixed_case_email: mix_case(draft); break;
    case OtherQuirk::spaced_email: draft.email_json = json_quoted(draft.account_email + "  "); break;
    case OtherQuirk::unknown_status: draft.membership_json = R"({"type":"time","status":"SUSPENDED"})"; break;
    case OtherQuirk::cancelled: draft.membership_json = R"({"type":"time","status":"CANCELLED"})"; break;
    case OtherQuirk::expired: draft.membership_json = R"({"type":"time_classes","status":"EXPIRED"})"; break;
    case OtherQuirk::gympass: draft.extra += R"(,"metadata":{"gympass":{"id":"900001"}})"; break;
    case OtherQuirk::merged:
      draft.active_json = "false";
      draft.email_json = "null";
      break;
    case OtherQuirk::count: break;
  }
}

/// Two members of one family, and sometimes a lead, share an address.
std::string Quirks::family_email(std::size_t number) {
  shared_email_ = fmt::format("family.{}@example.com", number);
  return shared_email_;
}

/// The second member of the family; an older lead account of the same person has that person's own address.
void Quirks::second_account(PersonDraft& draft) {
  if (!shared_email_.empty()) {
    draft.email_json = json_quoted(std::exchange(shared_email_, std::string()));
  }
  second_email_ = draft.account_email;
}

void Quirks::lead(PersonDraft& draft) {
  draft.lead_status = "LEAD";
  draft.source = "UNKNOWN";
  draft.extra += fmt::format(R"(,"leads":{{"status":"LEAD","status_modified":{{"sec":{},"usec":276000}}}})",
                             draft.created);
  if (!second_email_.empty()) {
    draft.email_json = json_quoted(std::exchange(second_email_, std::string()));
  }
}

void Quirks::child(PersonDraft& draft, bool without_email) const {
  const std::string parent = world_.people.empty() ? draft.id : world_.people.begin()->first;
  draft.extra +=
      fmt::format(R"(,"parent_id":"{}","use_parent_email":{},"role":"child")", parent, without_email);
  if (without_email) {
    draft.email_json.clear();
  }
}

void Quirks::staff(PersonDraft& draft) {
  draft.source = "DASHBOARD";
  JsonText out;
  out.begin_object().field("_id", draft.id).field("branch_id", draft.branch).field("type", "TRAINER");
  out.field("first_name", draft.first).field("last_name", draft.last).field("active", true).end_object();
  world_.staff.push_back(out.text());
}

}  // namespace gk_sandbox

#include "generate.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

using Random = std::mt19937_64;

enum class Kind { payg, pack, classes_active, time_active, classes_paused, pack_locked };

/// Oddities of people who would have access otherwise; the first ten keep their access.
enum class MemberQuirk {
  mixed_case_email, spaced_email, family_email, second_account, start_absent, start_null, start_empty, start_text, start_object,
  expiry_milliseconds, expiry_absent, expiry_text, no_active_key, non_latin_name, one_word_name, shared_phone, roaming, within_grace,
  expires_today, extra_spaces, future_start, past_grace, email_missing, email_blank, email_no_address, deleted, count
};

/// Oddities of everybody else.
enum class OtherQuirk {
  email_missing, email_blank, email_no_address, lead, deleted, roaming, classpass, blank_name, one_word_name, non_latin_name,
  shared_phone, child, child_of_other, membership_absent, membership_list, membership_text, unknown_type, staff, start_null,
  start_empty, start_object, start_text, mixed_case_email, spaced_email, unknown_status, cancelled, expired, gympass, merged, count
};

constexpr std::array k_first{"Ada", "Bo", "Cy", "Dee", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jo", "Kit", "Lea", "Max", "Noa", "Ola", "Pia"};
constexpr std::array k_last{"Example", "Sample", "Tester", "Placeholder", "Fixture", "Mockup", "Dummy", "Stand-In", "O'Test", "Du Cas"};

struct Draft {
  Kind kind = Kind::payg;
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
  std::string extra; ///< Further members, each with a comma before it.
  std::string lead_status = "MEMBER";
  std::string source = "WEBPORTAL";
  Epoch created = 0;
  Epoch modified = 0;
};

std::string quoted(std::string_view text)
{
  return JsonText().value(text).text();
}

std::vector<Kind> make_kinds(const GymPlan& plan, Random& random)
{
  const std::size_t n = plan.people;
  const auto share = [n](double part) { return static_cast<std::size_t>(std::llround(part / 1366.0 * static_cast<double>(n))); };
  std::size_t members = share(19);
  if (plan.eligible_percent) {
    members = static_cast<std::size_t>(std::llround(*plan.eligible_percent / 100.0 * static_cast<double>(n)));
  } else {
    members = std::max(members, std::min<std::size_t>(n / 6, 10));
  }
  members = std::min(members, n);
  std::vector<Kind> kinds;
  for (std::size_t i = 0; i < members; ++i) {
    kinds.push_back(i % 19 < 13 ? Kind::classes_active : Kind::time_active);
  }
  const std::size_t rare = n >= 20 && !(n == members) ? std::max<std::size_t>(share(1), 1) : 0;
  for (std::size_t i = 0; i < rare && kinds.size() + 1 < n; ++i) {
    kinds.push_back(Kind::classes_paused);
    kinds.push_back(Kind::pack_locked);
  }
  for (std::size_t i = 0; kinds.size() < n; ++i) {
    kinds.push_back(i * 652 % 1345 < 652 ? Kind::payg : Kind::pack);
  }
  kinds.resize(n);
  for (std::size_t i = n; i > 1; --i) {
    std::swap(kinds[i - 1], kinds[random() % i]);
  }
  return kinds;
}

class PeopleMaker {
public:
  PeopleMaker(World& world, const GymPlan& plan, Epoch now)
    : world_(world), plan_(plan), now_(now), zone_(world.zone_of(world.installation.branch_id)), random_(plan.seed * 7919 + 1)
  {
    const auto catalogue = [](const std::string& text) {
      const auto row = parse_json(text);
      return std::pair(string_at(*row, "_id"), string_at(*row, "name"));
    };
    for (const std::string& text : world.memberships) {
      plans_.push_back(catalogue(text));
    }
  }

  void make()
  {
    const auto kinds = make_kinds(plan_, random_);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      Draft draft = plain(i, kinds[i]);
      if (kinds[i] == Kind::classes_active || kinds[i] == Kind::time_active) {
        bend_member(draft);
      } else {
        bend_other(draft);
      }
      world_.put_person(finish(draft));
    }
  }

private:
  Draft plain(std::size_t index, Kind kind)
  {
    Draft draft;
    draft.kind = kind;
    const Epoch span = 3 * 365 * k_day;
    draft.created = now_ - span + static_cast<Epoch>(index) * span / static_cast<Epoch>(plan_.people + 1);
    draft.modified = draft.created + static_cast<Epoch>(random_() % static_cast<std::uint64_t>(now_ - draft.created));
    draft.id = fmt::format("{:08x}{:016x}", static_cast<std::uint32_t>(draft.created), 0xaa00000000ULL + index + 1);
    draft.branch = draft.origin = world_.installation.branch_id;
    draft.first = k_first.at(random_() % k_first.size());
    draft.last = k_last.at(random_() % k_last.size());
    draft.account_email = fmt::format("{}.{}@example.com", fold(draft.first), index + 1);
    draft.email_json = quoted(draft.account_email);
    draft.phone = fmt::format("+1 555 {:03} {:04}", index / 10000 % 1000, index % 10000);
    // Cycles end at local midnight between now and a month ahead, and began a month before (glofox.md 3).
    const int days = static_cast<int>(random_() % 28) + 2;
    draft.start_json = std::to_string(zone_.local_midnight(now_, days - 31));
    draft.expiry_json = std::to_string(zone_.local_midnight(now_, days));
    draft.status = kind == Kind::pack ? "" : kind == Kind::classes_paused ? "PAUSED" : kind == Kind::pack_locked ? "LOCKED" : "ACTIVE";
    if (kind == Kind::pack || kind == Kind::pack_locked || kind == Kind::payg) {
      draft.expiry_json.clear();
      draft.lead_status = random_() % 3 == 0 ? "MEMBER" : "LEAD";
      if (kind == Kind::pack && random_() % 2 == 0) {
        draft.start_json.clear();
      }
    }
    return draft;
  }

  void bend_member(Draft& draft)
  {
    constexpr auto k_count = static_cast<std::size_t>(MemberQuirk::count);
    const std::size_t number = members_++;
    const bool early = number < k_count;
    if (!early && random_() % 8 != 0) {
      return;
    }
    // The odd ones that lose access are rare among many, so that a large group stays large.
    const auto quirk = static_cast<MemberQuirk>(early ? number : random_() % k_count);
    const Epoch start = to_int(draft.start_json).value_or(0);
    const Epoch expiry = to_int(draft.expiry_json).value_or(0);
    switch (quirk) {
    case MemberQuirk::mixed_case_email: mix_case(draft); break;
    case MemberQuirk::spaced_email: draft.email_json = quoted("  " + draft.account_email + " "); break;
    case MemberQuirk::family_email: draft.email_json = quoted(family_email(number)); break;
    case MemberQuirk::second_account: second_account(draft); break;
    case MemberQuirk::start_absent: draft.start_json.clear(); break;
    case MemberQuirk::start_null: draft.start_json = "null"; break;
    case MemberQuirk::start_empty: draft.start_json = "\"\""; break;
    case MemberQuirk::start_text: draft.start_json = fmt::format("\"{}\"", start); break;
    case MemberQuirk::start_object: draft.start_json = fmt::format(R"({{"sec":{},"usec":615000}})", start); break;
    case MemberQuirk::expiry_milliseconds: draft.expiry_json += "000"; break;
    case MemberQuirk::expiry_absent: draft.expiry_json.clear(); break;
    case MemberQuirk::expiry_text: draft.expiry_json = fmt::format("\"{}\"", expiry); break;
    case MemberQuirk::no_active_key: draft.active_json.clear(); break;
    case MemberQuirk::non_latin_name: draft.first = "Анна"; draft.last = "東京"; break;
    case MemberQuirk::one_word_name: draft.last.clear(); break;
    case MemberQuirk::shared_phone: draft.phone = "0000000000"; break;
    case MemberQuirk::roaming: draft.origin = world_.installation.scope.back(); break;
    case MemberQuirk::within_grace: draft.expiry_json = std::to_string(zone_.local_midnight(now_, -1)); break;
    case MemberQuirk::expires_today: draft.expiry_json = std::to_string(zone_.local_midnight(now_)); break;
    case MemberQuirk::extra_spaces: draft.first += " "; draft.last = "  " + draft.last + " "; break;
    case MemberQuirk::future_start: draft.start_json = std::to_string(zone_.local_midnight(now_, 3)); break;
    case MemberQuirk::past_grace: draft.expiry_json = std::to_string(zone_.local_midnight(now_, -6)); break;
    case MemberQuirk::email_missing: draft.email_json.clear(); break;
    case MemberQuirk::email_blank: draft.email_json = "\" \""; break;
    case MemberQuirk::email_no_address: draft.email_json = "\"walk-in\""; break;
    case MemberQuirk::deleted: draft.active_json = "false"; break;
    case MemberQuirk::count: break;
    }
  }

  void bend_other(Draft& draft)
  {
    constexpr auto k_count = static_cast<std::size_t>(OtherQuirk::count);
    const std::size_t number = others_++;
    const bool early = number >= 4 && number < 4 + k_count;
    if (!early && random_() % 9 != 0) {
      return;
    }
    auto quirk = static_cast<OtherQuirk>(early ? number - 4 : random_() % k_count);
    const bool once = quirk == OtherQuirk::unknown_type || quirk == OtherQuirk::staff || quirk == OtherQuirk::unknown_status;
    quirk = !early && once ? OtherQuirk::lead : quirk;
    const std::string start = draft.start_json.empty() ? std::to_string(zone_.local_midnight(now_, -9)) : draft.start_json;
    switch (quirk) {
    case OtherQuirk::email_missing: draft.email_json.clear(); break;
    case OtherQuirk::email_blank: draft.email_json = number % 2 == 0 ? "\"\"" : "\"   \""; break;
    case OtherQuirk::email_no_address: draft.email_json = "\"none@\""; break;
    case OtherQuirk::lead: lead(draft); break;
    case OtherQuirk::deleted: draft.active_json = "false"; break;
    case OtherQuirk::roaming: draft.origin = world_.installation.scope.back(); break;
    case OtherQuirk::classpass: draft.extra += R"(,"origin":"classpass")"; draft.source = "CLASSPASS"; break;
    case OtherQuirk::blank_name: draft.first = draft.last = ""; break;
    case OtherQuirk::one_word_name: draft.last.clear(); break;
    case OtherQuirk::non_latin_name: draft.first = "Ωμέγα"; draft.last = "שרה"; break;
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
    case OtherQuirk::spaced_email: draft.email_json = quoted(draft.account_email + "  "); break;
    case OtherQuirk::unknown_status: draft.membership_json = R"({"type":"time","status":"SUSPENDED"})"; break;
    case OtherQuirk::cancelled: draft.membership_json = R"({"type":"time","status":"CANCELLED"})"; break;
    case OtherQuirk::expired: draft.membership_json = R"({"type":"time_classes","status":"EXPIRED"})"; break;
    case OtherQuirk::gympass: draft.extra += R"(,"metadata":{"gympass":{"id":"900001"}})"; break;
    case OtherQuirk::merged: draft.active_json = "false"; draft.email_json = "null"; break;
    case OtherQuirk::count: break;
    }
  }

  static void mix_case(Draft& draft)
  {
    std::string email = draft.account_email;
    email.front() = static_cast<char>(email.front() - 'a' + 'A');
    const auto at = email.find('@');
    draft.email_json = quoted(email.substr(0, at) + "@Example.COM");
  }

  /// Two members of one family, and now and then a lead, share an address.
  std::string family_email(std::size_t number)
  {
    shared_email_ = fmt::format("family.{}@example.com", number);
    return shared_email_;
  }

  /// An older lead account of the same person.
  void second_account(Draft& draft)
  {
    if (!shared_email_.empty()) {
      draft.email_json = quoted(std::exchange(shared_email_, std::string()));
    }
    second_email_ = draft.account_email;
  }

  void lead(Draft& draft)
  {
    draft.lead_status = "LEAD";
    draft.source = "UNKNOWN";
    draft.extra += fmt::format(R"(,"leads":{{"status":"LEAD","status_modified":{{"sec":{},"usec":276000}}}})", draft.created);
    if (!second_email_.empty()) {
      draft.email_json = quoted(std::exchange(second_email_, std::string()));
    }
  }

  void child(Draft& draft, bool without_email) const
  {
    const std::string parent = world_.people.empty() ? draft.id : world_.people.begin()->first;
    draft.extra += fmt::format(R"(,"parent_id":"{}","use_parent_email":{},"role":"child")", parent, without_email);
    if (without_email) {
      draft.email_json.clear();
    }
  }

  void staff(Draft& draft)
  {
    draft.source = "DASHBOARD";
    JsonText out;
    out.begin_object().field("_id", draft.id).field("branch_id", draft.branch).field("type", "TRAINER");
    out.field("first_name", draft.first).field("last_name", draft.last).field("active", true).end_object();
    world_.staff.push_back(out.text());
  }

  std::string membership(const Draft& draft)
  {
    const bool member = draft.kind == Kind::classes_active || draft.kind == Kind::time_active || draft.kind == Kind::classes_paused;
    const bool pack = draft.kind == Kind::pack || draft.kind == Kind::pack_locked;
    const char* type = draft.kind == Kind::time_active ? "time" : member ? "time_classes" : pack ? "num_classes" : "payg";
    std::string json = fmt::format(R"({{"type":"{}")", type);
    const auto add = [&json](const char* key, const std::string& value) {
      if (!value.empty()) {
        json += fmt::format(",\"{}\":{}", key, value);
      }
    };
    add("status", draft.status.empty() ? "" : quoted(draft.status));
    add("start_date", draft.start_json);
    add("expiry_date", draft.expiry_json);
    if (draft.kind != Kind::pack) {
      add("user_membership_id", quoted("65bb" + draft.id.substr(4)));
    }
    if (member) {
      const auto& [id, name] = plans_.at(draft.kind == Kind::time_active ? 0 : 1);
      json += fmt::format(R"(,"_id":"{}","membership_name":{},"plan_name":{},"plan_code":"{}","branches":["{}"],)"
                          R"("subscription":{{"interval":"month","interval_count":1,"auto_renewal":true,"paused":false}})",
                          id, quoted(name), quoted(draft.kind == Kind::time_active ? "Monthly Unlimited" : "8 classes"),
                          draft.kind == Kind::time_active ? "1700000000000" : "1700000000123", draft.branch);
    }
    return json + "}";
  }

  Person finish(const Draft& draft)
  {
    const std::string name = draft.first + (draft.last.empty() ? "" : " ") + draft.last;
    std::string row = fmt::format(R"({{"_id":"{}","branch_id":"{}","origin_branch_id":"{}","namespace":"{}","first_name":{},"last_name":{},)"
                                  R"("name":{})",
                                  draft.id, draft.branch, draft.origin, world_.installation.namespace_name, quoted(draft.first),
                                  quoted(draft.last), quoted(name));
    if (!draft.email_json.empty()) {
      row += R"(,"email":)" + draft.email_json;
      const auto decoded = parse_json("[" + draft.email_json + "]");
      if (decoded && (*decoded)[0].IsString() && fold(trim((*decoded)[0].GetString())) == draft.account_email) {
        row += R"(,"account_email":)" + quoted(draft.account_email) + R"(,"contact_email":)" + quoted(draft.account_email);
      }
    }
    row += fmt::format(R"(,"phone":{},"gender":{{"name":"PREFER_NOT_TO_SAY","label":"PREFER NOT TO SAY"}},"birth":"1990-04-02","type":"member")",
                       quoted(draft.phone));
    if (!draft.active_json.empty()) {
      row += R"(,"active":)" + draft.active_json;
    }
    row += fmt::format(R"(,"access_barcode":null,"lead_status":"{}","source":"{}")", draft.lead_status, draft.source) + draft.extra;
    if (draft.membership_json != "absent") {
      row += R"(,"membership":)" + (draft.membership_json.empty() ? membership(draft) : draft.membership_json);
    }
    row += fmt::format(R"(,"consent":{{"email":{{"active":true,"modified_at":{{"sec":{0},"usec":0}},"modified_by_user_id":["guest"]}}}},)"
                       R"("joined_at":"{1}","created":{0},"modified":{2},"image_url":"https://images.example.invalid/{3}.png"}})",
                       draft.created, to_rfc3339(draft.created), draft.modified, draft.id);
    Person person;
    person.id = draft.id;
    person.branch = draft.branch;
    person.origin_branch = draft.origin;
    person.created = draft.created;
    person.modified = draft.modified;
    person.active = draft.active_json != "false";
    const auto email = parse_json(draft.email_json.empty() ? "null" : draft.email_json);
    person.email = email && email->IsString() ? email_key({email->GetString(), email->GetStringLength()}) : "";
    if (draft.extra.find("parent_id") != std::string::npos) {
      person.parent = string_at(*parse_json(row), "parent_id");
    }
    person.row = std::move(row);
    return person;
  }

  World& world_;
  const GymPlan& plan_;
  Epoch now_;
  const Zone& zone_;
  Random random_;
  std::vector<std::pair<std::string, std::string>> plans_;
  std::size_t members_ = 0;
  std::size_t others_ = 0;
  std::string shared_email_;
  std::string second_email_;
};

} // namespace

void make_people(World& world, const GymPlan& plan, Epoch now)
{
  PeopleMaker(world, plan, now).make();
}

} // namespace gk_sandbox

#include "generate.hpp"

#include "generate_quirks.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

using Random = std::mt19937_64;

constexpr std::array k_first{"Ada", "Bo", "Cy",  "Dee", "Eli", "Fay", "Gus", "Hana",
                             "Ivo", "Jo", "Kit", "Lea", "Max", "Noa", "Ola", "Pia"};
constexpr std::array k_last{"Example", "Sample", "Tester",   "Placeholder", "Fixture",
                            "Mockup",  "Dummy",  "Stand-In", "O'Test",      "Du Cas"};

std::vector<MembershipKind> make_kinds(const GymPlan& plan, Random& random) {
  const std::size_t n = plan.people;
  const auto share = [n](double part) {
    return static_cast<std::size_t>(std::llround(part / 1366.0 * static_cast<double>(n)));
  };
  std::size_t members = share(19);
  if (plan.eligible_percent) {
    members = static_cast<std::size_t>(std::llround(*plan.eligible_percent / 100.0 * static_cast<double>(n)));
  } else {
    members = std::max(members, std::min<std::size_t>(n / 6, 10));
  }
  members = std::min(members, n);
  std::vector<MembershipKind> kinds;
  for (std::size_t i = 0; i < members; ++i) {
    kinds.push_back(i * 6 % 19 < 6 ? MembershipKind::time_active : MembershipKind::classes_active);
  }
  const std::size_t rare = n >= 20 && !(n == members) ? std::max<std::size_t>(share(1), 1) : 0;
  for (std::size_t i = 0; i < rare && kinds.size() + 1 < n; ++i) {
    kinds.push_back(MembershipKind::classes_paused);
    kinds.push_back(MembershipKind::pack_locked);
  }
  for (std::size_t i = 0; kinds.size() < n; ++i) {
    kinds.push_back(i * 652 % 1345 < 652 ? MembershipKind::payg : MembershipKind::pack);
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
      : world_(world),
        plan_(plan),
        now_(now),
        zone_(world.zone_of(world.installation.branch_id)),
        random_(plan.seed * 7919 + 1),
        quirks_(world, random_, now) {
    const auto catalogue = [](const std::string& text) {
      const auto row = parse_json(text);
      return std::pair(string_at(*row, "_id"), string_at(*row, "name"));
    };
    for (const std::string& text : world.memberships) {
      plans_.push_back(catalogue(text));
    }
  }

  void make() {
    const auto kinds = make_kinds(plan_, random_);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      PersonDraft draft = plain(i, kinds[i]);
      if (kinds[i] == MembershipKind::classes_active || kinds[i] == MembershipKind::time_active) {
        quirks_.bend_member(draft);
      } else {
        quirks_.bend_other(draft);
      }
      world_.put_person(finish(draft));
    }
  }

 private:
  PersonDraft plain(std::size_t index, MembershipKind kind) {
    PersonDraft draft;
    draft.kind = kind;
    const Epoch span = 3 * 365 * k_day;
    draft.created = now_ - span + static_cast<Epoch>(index) * span / static_cast<Epoch>(plan_.people + 1);
    draft.modified =
        draft.created + static_cast<Epoch>(random_() % static_cast<std::uint64_t>(now_ - draft.created));
    draft.id =
        fmt::format("{:08x}{:016x}", static_cast<std::uint32_t>(draft.created), 0xaa00000000ULL + index + 1);
    draft.branch = draft.origin = world_.installation.branch_id;
    draft.first = k_first.at(random_() % k_first.size());
    draft.last = k_last.at(random_() % k_last.size());
    draft.account_email = fmt::format("{}.{}@example.com", fold(draft.first), index + 1);
    draft.email_json = json_quoted(draft.account_email);
    draft.phone = fmt::format("+1 555 {:03} {:04}", index / 10000 % 1000, index % 10000);
    // Cycles end at local midnight within the next month, and began a month before that (glofox-api 3).
    const int days = static_cast<int>(random_() % 28) + 2;
    draft.start_json = std::to_string(zone_.local_midnight(now_, days - 31));
    draft.expiry_json = std::to_string(zone_.local_midnight(now_, days));
    draft.status = kind == MembershipKind::pack             ? ""
                   : kind == MembershipKind::classes_paused ? "PAUSED"
                   : kind == MembershipKind::pack_locked    ? "LOCKED"
                                                            : "ACTIVE";
    if (kind == MembershipKind::pack || kind == MembershipKind::pack_locked || kind == MembershipKind::payg) {
      draft.expiry_json.clear();
      draft.lead_status = random_() % 3 == 0 ? "MEMBER" : "LEAD";
      if (kind == MembershipKind::pack && random_() % 2 == 0) {
        draft.start_json.clear();
      }
    }
    return draft;
  }

  std::string membership(const PersonDraft& draft) {
    const bool member = draft.kind == MembershipKind::classes_active ||
                        draft.kind == MembershipKind::time_active ||
                        draft.kind == MembershipKind::classes_paused;
    const bool pack = draft.kind == MembershipKind::pack || draft.kind == MembershipKind::pack_locked;
    const char* type = draft.kind == MembershipKind::time_active ? "time"
                       : member                                  ? "time_classes"
                       : pack                                    ? "num_classes"
                                                                 : "payg";
    std::string json = fmt::format(R"({{"type":"{}")", type);
    const auto add = [&json](const char* key, const std::string& value) {
      if (!value.empty()) {
        json += fmt::format(",\"{}\":{}", key, value);
      }
    };
    add("status", draft.status.empty() ? "" : json_quoted(draft.status));
    add("start_date", draft.start_json);
    add("expiry_date", draft.expiry_json);
    if (draft.kind != MembershipKind::pack) {
      add("user_membership_id", json_quoted("65bb" + draft.id.substr(4)));
    }
    if (member) {
      const auto& [id, name] = plans_.at(draft.kind == MembershipKind::time_active ? 0 : 1);
      json += fmt::format(
          R"(,"_id":"{}","membership_name":{},"plan_name":{},"plan_code":"{}","branches":["{}"],)"
          R"("subscription":{{"interval":"month","interval_count":1,"auto_renewal":true,"paused":false}})",
          id, json_quoted(name),
          json_quoted(draft.kind == MembershipKind::time_active ? "Monthly Unlimited" : "8 classes"),
          draft.kind == MembershipKind::time_active ? "1700000000000" : "1700000000123", draft.branch);
    }
    return json + "}";
  }

  Person finish(const PersonDraft& draft) {
    const std::string name = draft.first + (draft.last.empty() ? "" : " ") + draft.last;
    std::string row = fmt::format(
        R"({{"_id":"{}","branch_id":"{}","origin_branch_id":"{}","namespace":"{}","first_name":{},"last_name":{},)"
        R"("name":{})",
        draft.id, draft.branch, draft.origin, world_.installation.namespace_name, json_quoted(draft.first),
        json_quoted(draft.last), json_quoted(name));
    if (!draft.email_json.empty()) {
      row += R"(,"email":)" + draft.email_json;
      const auto decoded = parse_json("[" + draft.email_json + "]");
      if (decoded && (*decoded)[0].IsString() &&
          fold(trim((*decoded)[0].GetString())) == draft.account_email) {
        row += R"(,"account_email":)" + json_quoted(draft.account_email) + R"(,"contact_email":)" +
               json_quoted(draft.account_email);
      }
    }
    row += fmt::format(
        R"(,"phone":{},"gender":{{"name":"PREFER_NOT_TO_SAY","label":"PREFER NOT TO SAY"}},"birth":"1990-04-02","type":"member")",
        json_quoted(draft.phone));
    if (!draft.active_json.empty()) {
      row += R"(,"active":)" + draft.active_json;
    }
    row += fmt::format(R"(,"access_barcode":null,"lead_status":"{}","source":"{}")", draft.lead_status,
                       draft.source) +
           draft.extra;
    if (draft.membership_json != "absent") {
      row +=
          R"(,"membership":)" + (draft.membership_json.empty() ? membership(draft) : draft.membership_json);
    }
    row += fmt::format(
        R"(,"consent":{{"email":{{"active":true,"modified_at":{{"sec":{0},"usec":0}},"modified_by_user_id":["guest"]}}}},)"
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
    person.email =
        email && email->IsString() ? email_key({email->GetString(), email->GetStringLength()}) : "";
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
  Quirks quirks_;
};

}  // namespace

void make_people(World& world, const GymPlan& plan, Epoch now) { PeopleMaker(world, plan, now).make(); }

}  // namespace gk_sandbox

#include "checks/kisi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "checks/judge.hpp"
#include "kisi/listing.hpp"
#include "util/text.hpp"

namespace gk::app {

namespace {

Service kisi_service(const KisiFacts& facts) {
  return {"Kisi", facts.base_url,
          "check kisi.api_key; make a new key in the Kisi dashboard (My Account > API), as a user who is an "
          "administrator of the organization"};
}

/// 403 on one of the account's own routes: the key works, its user may not do this.
Finding refine(Finding finding) {
  if (finding.status == CheckStatus::fail && finding.code == ExitCode::refused)
    finding.fix = k_permission_fix;
  return finding;
}

}  // namespace

Finding check_key(const KisiFacts& facts) {
  return judge(facts.self, kisi_service(facts), [&](const Self& self) {
    return judge(facts.organization, kisi_service(facts), [&](const kisi::Organization& organization) {
      if (organization.id != self.organization) {
        return failed(ExitCode::bad_data,
                      fmt::format("Kisi gives two organizations for one key: {} and {}", self.organization,
                                  organization.id),
                      "make a new key, and report this to Kisi");
      }
      return passed(fmt::format("user {}, organization {}",
                                named(self.email.as_written(), fmt::to_string(self.id)),
                                named(organization.name, fmt::to_string(organization.id))));
    });
  });
}

Finding check_key_expiry(const KisiFacts& facts) {
  return judge(facts.login, kisi_service(facts), [](const kisi::Login& login) {
    if (!login.expires) return passed("the key does not expire");
    return warned(
        "the key expires if it is not used for some months, as during a long closure",
        "make a key that does not expire (Kisi dashboard, My Account > API), and put it in kisi.api_key");
  });
}

Finding check_key_dedicated(const KisiFacts& facts) {
  return refine(judge(facts.logins, kisi_service(facts), [&](const std::vector<kisi::Login>& logins) {
    const auto devices = std::ranges::count_if(logins, [&](const kisi::Login& login) {
      const bool own =
          login.user == UserId{} || (facts.self && *facts.self && login.user == (*facts.self)->id);
      return own && login.type == "device";
    });
    if (devices == 0) return passed("nobody else signs in as the key's user");
    return warned(
        fmt::format("the key's user is also signed in on {}: what a person adds to the group as this user "
                    "looks like ours and will be removed",
                    counted(static_cast<std::size_t>(devices), "device")),
        "make a Kisi user for this program alone, an organization administrator, and use that user's key. "
        "Rows made with the old key then count as foreign, and stay until somebody removes them");
  }));
}

Finding check_permissions(const KisiFacts& facts) {
  return refine(judge(facts.own_roles, kisi_service(facts), [&](const std::vector<kisi::OwnRole>& held) {
    const bool owner = facts.self && *facts.self && facts.organization && *facts.organization &&
                       (*facts.organization)->owner == (*facts.self)->id;
    if (owner) return passed("the key's user owns the organization and can do everything");
    std::set<std::string> allowed;
    std::vector<std::string> roles;
    for (const kisi::OwnRole& own : held) {
      if (!own.organization_wide) continue;
      allowed.insert(own.role.permissions.begin(), own.role.permissions.end());
      roles.push_back(printable(own.role.id));
    }
    std::vector<std::string_view> missing;
    for (const std::string_view needed : kisi::k_needed_permissions) {
      if (!allowed.contains(std::string(needed))) missing.push_back(needed);
    }
    if (missing.empty()) return passed(fmt::format("allowed by role {}", fmt::join(roles, ", ")));
    return failed(
        ExitCode::refused,
        fmt::format("the key's user lacks {} in the organization; it holds {}{}", fmt::join(missing, ", "),
                    roles.empty() ? "no role there" : "only ", fmt::join(roles, ", ")),
        k_permission_fix);
  }));
}

Finding check_group_role(const KisiFacts& facts) {
  constexpr const char* k_fix =
      "ask Kisi support why this organization has no standard role group_basic for groups: without it, "
      "nothing can be granted";
  if (facts.group_role && !*facts.group_role && facts.group_role->error().category == Category::not_found)
    return failed(ExitCode::bad_data, fmt::format("Kisi has no role {}", k_group_role), k_fix);
  return refine(judge(facts.group_role, kisi_service(facts), [](const kisi::Role& role) {
    if (role.applies_to == "Group") return passed(fmt::format("{} applies to groups", k_group_role));
    return failed(ExitCode::bad_data,
                  fmt::format("{} applies to '{}', not to groups", k_group_role, printable(role.applies_to)),
                  k_fix);
  }));
}

Finding check_users(const KisiFacts& facts) {
  return refine(judge(facts.user_count, kisi_service(facts), [](std::int64_t users) {
    constexpr auto k_limit = static_cast<std::int64_t>(kisi::k_max_offset + kisi::k_user_limit);
    if (users <= k_limit) return passed(fmt::format("{} users in the organization", users));
    return warned(
        fmt::format("{} users in the organization, but Kisi lists no more than {}", users, k_limit),
        "nothing breaks: new people are looked up one by one, which takes longer. To make it fast again, "
        "remove Kisi users that nobody needs");
  }));
}

}  // namespace gk::app

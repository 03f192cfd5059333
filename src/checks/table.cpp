#include "checks/table.hpp"

#include <array>
#include <string>

#include "checks/glofox.hpp"
#include "checks/group.hpp"
#include "checks/kisi.hpp"

namespace gk::app {

namespace {

struct KisiCheck {
  std::string_view name, need;
  Finding (*judge)(const KisiFacts&);
};

constexpr auto k_kisi_checks = std::to_array<KisiCheck>({
    {"kisi.key", "config.secrets", check_key},
    {"kisi.key.expiry", "kisi.key", check_key_expiry},
    {"kisi.key.dedicated", "kisi.key", check_key_dedicated},
    {"kisi.permissions", "kisi.key", check_permissions},
    {"kisi.role", "kisi.key", check_group_role},
    {"kisi.users", "kisi.key", check_users},
});

struct GroupCheck {
  std::string_view suffix;
  Finding (*judge)(const GroupContext&);
};

/// Each rests on the group itself, whose name has no suffix.
constexpr auto k_group_checks = std::to_array<GroupCheck>({
    {".scope", check_group_scope},
    {".doors", check_group_doors},
    {".writers", check_group_writers},
    {".size", check_group_size},
});

struct GlofoxCheck {
  std::string_view name, need;
  Finding (*judge)(const config::Integration&, const IntegrationFacts&);
};

constexpr auto k_glofox_checks = std::to_array<GlofoxCheck>({
    {"glofox.location", "config.secrets", check_location},
    {"glofox.access", "glofox.location", check_access},
    {"glofox.time_zone", "glofox.location", check_time_zone},
    {"glofox.plans", "glofox.access", check_plans},
    {"glofox.canaries", "glofox.access", check_canaries},
});

void add_group_checks(CheckList& list, const std::string& prefix, const std::string& integration,
                      const GroupContext& context) {
  list.run(prefix, "kisi.key", integration, [&] { return check_group(context); });
  for (const GroupCheck& check : k_group_checks) {
    list.run(prefix + std::string(check.suffix), prefix, integration, [&] { return check.judge(context); });
  }
}

}  // namespace

void add_kisi_checks(CheckList& list, const KisiFacts& facts) {
  for (const KisiCheck& check : k_kisi_checks)
    list.run(check.name, check.need, std::nullopt, [&] { return check.judge(facts); });
}

void add_integration_checks(CheckList& list, const KisiFacts& kisi, const config::Integration& integration,
                            const IntegrationFacts& facts) {
  const std::string& name = integration.name;
  add_group_checks(list, "kisi.group", name, {kisi, facts.group, integration.place});
  if (facts.bookings_group)
    add_group_checks(list, "kisi.bookings_group", name, {kisi, *facts.bookings_group, integration.place});
  for (const GroupFacts& former : facts.former_groups)
    list.run("kisi.former_group", "kisi.key", name, [&] { return check_group({kisi, former, {}}); });
  list.run("kisi.place", "kisi.key", name, [&] { return check_place(kisi, integration, facts); });
  for (const GlofoxCheck& check : k_glofox_checks)
    list.run(check.name, check.need, name, [&] { return check.judge(integration, facts); });
  list.run("checkin.place", "kisi.key", name, [&] { return check_checkin_place(integration, facts); });
}

}  // namespace gk::app

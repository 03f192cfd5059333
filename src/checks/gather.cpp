#include "checks/gather.hpp"

#include "util/file_lock.hpp"

namespace gk::app {

namespace {

GroupFacts gather_group(kisi::KisiClient& client, GroupId id, bool with_doors) {
  GroupFacts facts{id, client.read_group(id), std::nullopt};
  if (with_doors && *facts.snapshot) facts.locks = client.account().read_group_locks(id);
  return facts;
}

void gather_kisi_side(const config::Integration& integration, kisi::KisiClient& client,
                      IntegrationFacts& facts) {
  facts.group = gather_group(client, integration.group, true);
  if (integration.bookings.group) {
    facts.bookings_group = gather_group(client, *integration.bookings.group, true);
  }
  for (std::size_t i = 0; i < facts.former_groups.size(); ++i) {
    facts.former_groups[i] = gather_group(client, integration.former_groups[i], false);
  }
  if (integration.place) facts.place = client.account().read_place(*integration.place);
}

/// The list of allowed locations helps only where this one is refused.
bool is_refused(const Error& error) { return error.category == Category::config; }

void gather_glofox_side(const config::Integration& integration, glofox::GlofoxClient& client,
                        IntegrationFacts& facts) {
  facts.branch = client.read_branch();
  if (*facts.branch) facts.members = client.check_members_access();
  const bool refused = !*facts.branch ? is_refused(facts.branch->error())
                                      : !*facts.members && is_refused(facts.members->error());
  if (refused) facts.allowed = client.read_allowed_branches();
  if (!facts.members || !*facts.members) return;
  if (!integration.memberships.plans.is_any()) facts.catalogue = client.read_catalogue();
  for (const PersonKey& canary : integration.canaries) {
    facts.canaries.push_back({canary, client.find_members(canary)});
  }
}

}  // namespace

KisiFacts gather_kisi(kisi::KisiClient& client, const std::string& base_url) {
  KisiFacts facts;
  facts.base_url = base_url;
  facts.self = client.read_self();
  if (!*facts.self) return facts;
  kisi::Account& account = client.account();
  facts.organization = account.read_organization();
  facts.login = account.read_login();
  facts.logins = account.read_logins_of_me();
  facts.own_roles = account.read_own_roles();
  facts.group_role = account.read_role(k_group_role);
  facts.user_count = account.read_user_count();
  return facts;
}

IntegrationFacts name_groups(const config::Integration& integration) {
  IntegrationFacts facts;
  facts.group.id = integration.group;
  if (integration.bookings.group) facts.bookings_group = GroupFacts{*integration.bookings.group, {}, {}};
  for (const GroupId former : integration.former_groups)
    facts.former_groups.push_back(GroupFacts{former, {}, {}});
  return facts;
}

IntegrationFacts gather_integration(const config::Config& config, const config::Integration& integration,
                                    Services& services, bool kisi_works) {
  IntegrationFacts facts = name_groups(integration);
  facts.glofox_url = config.glofox.base_url;
  if (kisi_works) gather_kisi_side(integration, services.kisi(), facts);
  gather_glofox_side(integration, services.glofox(integration), facts);
  return facts;
}

std::vector<LockProbe> probe_lock_directories(const std::vector<std::string>& directories,
                                              const std::string& name) {
  std::vector<LockProbe> probes;
  probes.reserve(directories.size());
  for (const std::string& directory : directories) {
    probes.push_back({directory, FileLock::problem(directory, name)});
  }
  return probes;
}

}  // namespace gk::app

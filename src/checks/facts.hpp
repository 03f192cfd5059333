#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "domain/roster.hpp"
#include "kisi/account.hpp"
#include "reconcile/ports.hpp"

/// What was asked of the machine and of both services, before anybody judges it. Values only, so that the
/// judging is tested without either.
namespace gk::app {

/// An answer; nothing when it was not asked for, because an earlier one made it pointless.
template <class T>
using Fact = std::optional<Result<T>>;

/// The account behind the Kisi key.
struct KisiFacts {
  std::string base_url;
  Fact<Self> self;
  Fact<kisi::Organization> organization;
  Fact<kisi::Login> login;
  Fact<std::vector<kisi::Login>> logins;
  Fact<std::vector<kisi::OwnRole>> own_roles;
  Fact<kisi::Role> group_role;
  Fact<std::int64_t> user_count;
};

/// One Kisi group and its doors.
struct GroupFacts {
  GroupId id;
  Fact<reconcile::GroupSnapshot> snapshot;
  Fact<std::vector<kisi::GroupLock>> locks;
};

/// Whether Glofox knows one canary.
struct CanaryFact {
  PersonKey person;
  Result<std::vector<Member>> found;
};

/// One integration's side of both services.
struct IntegrationFacts {
  std::string glofox_url;
  GroupFacts group;
  std::optional<GroupFacts> bookings_group;  ///< when it is another group
  std::vector<GroupFacts> former_groups;
  Fact<kisi::Place> place;
  Fact<Branch> branch;
  Fact<std::optional<std::size_t>> members;  ///< access to the list; how many people it has
  Fact<std::vector<Branch>> allowed;         ///< which locations the key may see, once one is refused
  Fact<Catalogue> catalogue;
  std::vector<CanaryFact> canaries;
};

/// Whether a lock file could be made in one directory.
struct LockProbe {
  std::string directory;
  std::string problem;  ///< empty: it could
};

}  // namespace gk::app

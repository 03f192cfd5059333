#include "unit/config/samples.hpp"

#include "support/membership_words.hpp"

namespace gk::config::test {

namespace {

std::string dump(const SecretSetting& secret) {
  static constexpr const char* k_kinds[] = {"file", "env", "credential"};
  return std::string(k_kinds[static_cast<int>(secret.source.kind)]) + " " + secret.source.name;
}

std::string dump(const std::optional<SecretSetting>& secret) { return secret ? dump(*secret) : "-"; }

std::string dump(const Integration& in) {
  std::string text = fmt::format("{} {:d} {} {} former", in.name, in.enabled, in.location, in.group);
  for (const GroupId group : in.former_groups) text += fmt::format(" {}", group);
  text += in.place ? fmt::format(" place {}", *in.place) : " place -";
  text += fmt::format(" own {} {}\ntypes", dump(in.glofox.api_key), dump(in.glofox.api_token));
  for (const MembershipType type : in.memberships.types)
    text += fmt::format(" {}", membership_type_name(type));
  text += " statuses";
  for (const MembershipStatus status : in.memberships.statuses)
    text += fmt::format(" {}", membership_status_name(status));
  text += " plans";
  if (in.memberships.plans.is_any()) text += " any";
  for (const std::string& plan : in.memberships.plans.entries()) text += " " + plan;
  const BookingRules& bookings = in.bookings;
  text += fmt::format(" grace {}\nusers {:d} {:d} bookings {:d} {} {} {} {}\n",
                      in.memberships.expiry_grace.count(), in.users.import_all, in.users.send_emails,
                      bookings.enabled, bookings.opens_before.count(), bookings.closes_after.count(),
                      bookings.lookahead.count(), bookings.group.value_or(GroupId{}));
  const CheckinRules& checkin = in.checkin;
  text += fmt::format("checkin {:d} {} {} {} {} {} {}", checkin.enabled, static_cast<int>(checkin.mode),
                      checkin.opens_before.count(), dump(in.signature_key), checkin.dedupe_dir.value_or("-"),
                      checkin.debounce.count(), checkin.max_age.count());
  text += fmt::format(" limits {} {} {} {} {}\nprotected", in.limits.max_users, in.limits.absent.count,
                      in.limits.absent.percent, in.limits.stated.count, in.limits.stated.percent);
  for (const PersonKey& person : in.protected_people) text += " " + person.email();
  text += " canaries";
  for (const PersonKey& person : in.canaries) text += " " + person.email();
  return text + "\n";
}

}  // namespace

std::string dump(const Config& config) {
  std::string text = fmt::format("kisi {} {} {}{}\n", config.kisi.base_url, config.kisi.requests_per_second,
                                 dump(config.kisi.api_key), config.kisi.partner ? " partner" : "");
  text += fmt::format("glofox {} {} {} {} {} {}\n", config.glofox.base_url, config.glofox.requests_per_second,
                      config.glofox.burst, config.glofox.max_in_flight, dump(config.glofox.api_key),
                      dump(config.glofox.api_token));
  for (const Integration& integration : config.integrations) text += dump(integration);
  return text;
}

}  // namespace gk::config::test

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <algorithm>

#include "support/generators.hpp"
#include "util/text.hpp"

namespace gk::test::domain_property {

// Laws of the values below the planner.

namespace {

Instant any_hour() { return k_now + std::chrono::hours{*rc::gen::inRange(-20, 20)}; }

std::vector<Window> any_windows() {
  std::vector<Window> windows;
  const int count = *rc::gen::inRange(0, 8);
  for (int i = 0; i < count; ++i) {
    const Instant from = any_hour();
    windows.push_back(*Window::make(from, from + std::chrono::hours{*rc::gen::inRange(1, 9)}));
  }
  return windows;
}

Instant any_instant() {
  return Instant{std::chrono::seconds{*rc::gen::inRange<std::int64_t>(-62167219200, 253402300800)}};
}

}  // namespace

TEST_CASE("domain laws") {
  rc::prop("merged windows open the same time, sorted and apart", [] {
    const std::vector<Window> windows = any_windows();
    const std::vector<Window> merged = gk::merge(windows);
    const auto opens = [](const std::vector<Window>& some, Instant instant) {
      return std::ranges::any_of(some, [&](const Window& window) { return window.contains(instant); });
    };
    for (int hour = -21; hour < 31; ++hour) {
      const Instant instant = k_now + std::chrono::hours{hour};
      RC_ASSERT(opens(windows, instant) == opens(merged, instant));
    }
    for (std::size_t i = 1; i < merged.size(); ++i) RC_ASSERT(merged[i - 1].until() < merged[i].from());
    RC_ASSERT(gk::merge(shuffled(windows)) == merged);
    RC_ASSERT(gk::merge(merged) == merged);
  });

  rc::prop("covers() means open at every moment from now on at which the other is", [] {
    const Validity outer = any_validity();
    const Validity inner = any_validity();
    bool covered = true;
    for (int hour = 0; hour < 400; ++hour) {
      const Instant instant = k_now + std::chrono::hours{hour};
      covered &= !inner.is_active(instant) || outer.is_active(instant);
    }
    RC_ASSERT(outer.covers(inner, k_now) == covered);
  });

  rc::prop("RFC 3339 survives writing and reading", [] {
    const Instant instant = any_instant();
    RC_ASSERT(*gk::parse_rfc3339(gk::format_rfc3339(instant)) == instant);
  });

  rc::prop("any text is read as a time, a duration, an e-mail or an id, or refused, without harm", [] {
    const auto text = *rc::gen::string<std::string>();
    static_cast<void>(gk::parse_rfc3339(text));
    static_cast<void>(gk::parse_duration(text));
    static_cast<void>(gk::MemberId::parse(text));
    const auto person = gk::PersonKey::from_email(text);
    if (person) RC_ASSERT(gk::PersonKey::from_email(person->email()) == person);
    RC_ASSERT(gk::is_utf8(gk::printable(text)));
    RC_ASSERT(std::ranges::none_of(gk::printable(text),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
    RC_ASSERT(gk::fold_name(gk::fold_name(text)) == gk::fold_name(text));
  });

  rc::prop("durations survive writing and reading", [] {
    const std::chrono::seconds duration{*rc::gen::inRange<std::int64_t>(0, 3660LL * 86400 + 1)};
    RC_ASSERT(*gk::parse_duration(gk::format_duration(duration)) == duration);
  });

  rc::prop("a day begins no later than any of its moments and ends after it", [] {
    const gk::Zone here = zone(one_of<std::string>({"Europe/Dublin", "America/New_York", "America/Santiago",
                                                    "America/Havana", "Asia/Beirut", "Australia/Lord_Howe"}));
    const Instant instant = at("2020-01-01T00:00:00Z") +
                            std::chrono::seconds{*rc::gen::inRange<std::int64_t>(0, 10LL * 366 * 86400)};
    const gk::LocalDay day = here.local_day(instant);
    RC_ASSERT(here.start_of_day(day) <= instant);
    RC_ASSERT(instant < here.start_of_day(day + std::chrono::days{1}));
  });

  rc::prop("what is desired does not depend on the order of the listing", [] {
    std::vector<gk::Member> members = any_world({}).glofox.members;
    const auto derive = [](const std::vector<gk::Member>& listed) {
      std::vector<std::string> lines;
      const auto desired = gk::reconcile::derive_desired(
          roster_of(listed), gk::MembershipRules{}, zone("Europe/Dublin"), ManualClock::k_start,
          {key("p1@example.com"), key("p2@example.com")}, true);
      for (const auto& right : desired.rights)
        lines.push_back(
            fmt::format("right {} {} {}", right.person.email(), right.name, right.members.front()));
      for (const auto& [person, denial] : desired.denials)
        lines.push_back(fmt::format("no {} {}", person.email(), gk::reconcile::cause_name(denial.cause)));
      for (const auto& client : desired.clients)
        lines.push_back(fmt::format("client {} {}", client.person.email(), client.member));
      for (const auto& notice : desired.notices)
        lines.push_back(fmt::format("{} {} {}", notice.kind, notice.who, notice.detail));
      return lines;
    };
    RC_ASSERT(derive(members) == derive(shuffled(members)));
  });
}

}  // namespace gk::test::domain_property

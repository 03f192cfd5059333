#include "reconcile/applier.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "support/fake_services.hpp"
#include "support/plans.hpp"

namespace gk::reconcile::applier_test {

using namespace gk::test;

namespace {

using Verbs = std::vector<std::string>;

struct HandmadePlan {
  FakeKisi kisi;
  ManualClock clock;
  gk::StopFlag stop;
  std::optional<gk::SteadyTime> deadline;
  Plan plan;

  void create_and_grant(std::string_view email) {
    Action create{.kind = ActionKind::create_user, .person = key(email), .name = "Ada"};
    create.members = {member_id(1)};
    create.group = k_group;
    Action grant = create;
    grant.kind = ActionKind::grant;
    plan.actions.push_back(create);
    plan.actions.push_back(grant);
  }
  void grant(std::string_view email) {
    Action action{.kind = ActionKind::grant, .person = key(email)};
    action.members = {member_id(1)};
    action.group = k_group;
    action.user = kisi.add_user(email);
    plan.actions.push_back(action);
  }
  void revoke(std::string_view email, Cause cause = Cause::cancelled) {
    const RoleAssignmentId id = kisi.add_row(email);
    Action action{.kind = ActionKind::revoke, .person = key(email)};
    action.row = id;
    action.user = kisi.rows.at(id).user;
    action.group = k_group;
    action.cause = cause;
    action.former = cause == Cause::former_group;
    plan.actions.push_back(action);
  }
  ApplyResult apply() { return gk::reconcile::apply(plan, {kisi, clock, stop, deadline, k_branch, {}}); }
  /// Fails the n-th call of a verb.
  void fail_nth(const std::string& verb, int n, Fault fault) {
    kisi.fault = [verb, n, fault](const Call& call) mutable {
      return call.verb == verb && n-- == 1 ? fault : Fault::none;
    };
  }
  void fail_all(const std::string& verb, Fault fault) {
    kisi.fault = [verb, fault](const Call& call) { return call.verb == verb ? fault : Fault::none; };
  }
  [[nodiscard]] ActionOutcome outcome(std::size_t index) const { return plan.actions[index].outcome; }
  [[nodiscard]] std::size_t rows_of(std::string_view email) const { return kisi.rows_of(email).size(); }
};

using enum ActionOutcome;

}  // namespace

TEST_CASE("actions are carried out in order") {
  HandmadePlan work;
  work.revoke("old@example.com");
  work.create_and_grant("new@example.com");
  work.grant("known@example.com");
  std::vector<std::string> progress;
  gk::reconcile::ApplyContext context{work.kisi, work.clock, work.stop, {}, k_branch, {}};
  context.on_progress = [&](std::size_t done, std::size_t total) {
    progress.push_back(fmt::format("{}/{}", done, total));
  };
  const ApplyResult result = gk::reconcile::apply(work.plan, context);
  CHECK_FALSE(result.stopped_by);
  CHECK(result.writes == 4);
  CHECK((progress == Verbs{"1/4", "2/4", "3/4", "4/4"}));
  CHECK(std::ranges::all_of(work.plan.actions, [](const Action& a) { return a.outcome == applied; }));
  CHECK(work.rows_of("old@example.com") == 0);
  CHECK(work.rows_of("new@example.com") == 1);
  CHECK(work.rows_of("known@example.com") == 1);
  const gk::User& made = work.kisi.users.at(*work.plan.actions[2].user);
  CHECK(made.metadata_text(gk::k_metadata_member) == member_id(1).text());
  CHECK(made.metadata_text(gk::k_metadata_branch) == k_branch.value());
  CHECK(made.name == "Ada");
}

TEST_CASE("held and failed actions are left alone") {
  HandmadePlan work;
  work.revoke("held@example.com");
  work.plan.actions[0].outcome = held;
  work.grant("failed@example.com");
  work.plan.actions[1].outcome = failed;
  CHECK(work.apply().writes == 0);
  CHECK(work.kisi.calls.empty());
}

TEST_CASE("creating a user whom somebody made meanwhile adopts them, once the search shows them") {
  struct Row {
    const char* name;
    int lag;
    ActionOutcome create, grant;
    int waits;
  };
  const Row rows[] = {
      {"seen at once", 0, already_done, applied, 0},
      {"seen at the second look", 1, already_done, applied, 1},
      {"seen at the third look", 2, already_done, applied, 2},
      {"not seen", 3, failed, skipped, 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    HandmadePlan work;
    work.create_and_grant("ada@example.com");
    work.kisi.switches.search_lag = row.lag;
    REQUIRE(
        work.kisi.create_user({key("ada@example.com"), "Ada", true, member_id(7), gk::BranchId{"other"}}));
    work.kisi.users.begin()->second.metadata["colour"] = "\"red\"";
    static_cast<void>(work.apply());
    CHECK(work.outcome(0) == row.create);
    CHECK(work.outcome(1) == row.grant);
    CHECK(static_cast<int>(work.clock.sleeps.size()) == row.waits);
    CHECK(work.kisi.users.size() == 1);
    if (row.create == failed) continue;
    const gk::User& user = work.kisi.users.begin()->second;
    CHECK(user.metadata_text(gk::k_metadata_member) == member_id(1).text());
    CHECK(user.metadata_text("colour") == "red");
  }
}

TEST_CASE("a refused user is a failure of that person alone") {
  HandmadePlan work;
  work.create_and_grant("ada@example.com");
  work.create_and_grant("bo@example.com");
  work.fail_nth("create_user", 1, Fault::rejected);
  CHECK_FALSE(work.apply().stopped_by);
  CHECK(work.outcome(0) == failed);
  CHECK(work.outcome(1) == skipped);
  CHECK(work.outcome(3) == applied);
  CHECK(work.plan.actions[0].error->http_status == 422);
}

TEST_CASE("a create whose outcome is unknown is looked up, never blindly repeated") {
  struct Row {
    const char* name;
    Fault fault;
    int lag;
    std::size_t creates;
  };
  const Row rows[] = {
      {"it took effect", Fault::done_but_lost, 0, 1},
      {"it had none", Fault::lost, 0, 2},
      {"it took effect and the search lags", Fault::done_but_lost, 1, 2},
      {"it took effect and the search lags more", Fault::done_but_lost, 3, 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    HandmadePlan work;
    work.create_and_grant("ada@example.com");
    work.kisi.switches.search_lag = row.lag;
    work.fail_nth("create_user", 1, row.fault);
    static_cast<void>(work.apply());
    CHECK(work.kisi.users.size() == 1);
    CHECK(work.rows_of("ada@example.com") == 1);
    CHECK(work.outcome(1) == applied);
    CHECK(work.kisi.count("create_user") == row.creates);
    const Verbs first{work.kisi.calls[0].verb, work.kisi.calls[1].verb};
    CHECK((first == Verbs{"create_user", "search_user"}));
  }
}

TEST_CASE("a create that stays unknown is told as unknown") {
  HandmadePlan work;
  work.create_and_grant("ada@example.com");
  SECTION("both tries get lost") { work.fail_all("create_user", Fault::lost); }
  SECTION("and it cannot be looked up") {
    work.kisi.fault = [](const Call& call) {
      return call.verb == "create_user"   ? Fault::done_but_lost
             : call.verb == "search_user" ? Fault::unreachable
                                          : Fault::none;
    };
  }
  static_cast<void>(work.apply());
  CHECK(work.outcome(0) == unknown);
  CHECK(work.outcome(1) == skipped);
  CHECK(work.kisi.count("create_user") <= 2);
}

TEST_CASE("a grant that exists already is done when it covers the right") {
  struct Row {
    const char* name;
    bool foreign;
    Validity there;
    ActionOutcome outcome;
  };
  const Row rows[] = {
      {"ours", false, Validity::open_ended(), already_done},
      {"foreign and open-ended", true, Validity::open_ended(), already_done},
      {"foreign and in the way", true, hours(-1, 2), failed},
      {"ours, a window, made meanwhile", false, hours(-1, 2), failed},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    HandmadePlan work;
    work.grant("ada@example.com");
    const RoleAssignmentId id = row.foreign ? work.kisi.add_foreign_row("ada@example.com", row.there)
                                            : work.kisi.add_row("ada@example.com", row.there);
    static_cast<void>(work.apply());
    CHECK(work.outcome(0) == row.outcome);
    CHECK(work.rows_of("ada@example.com") == 1);
    if (row.outcome != failed) continue;
    CHECK(work.plan.actions[0].error->message.find(fmt::format("row {}", id)) != std::string::npos);
  }
}

TEST_CASE("a grant whose outcome is unknown is read back before it is decided") {
  struct Row {
    const char* name;
    Fault fault;
    KisiSwitches::SecondRow second;
    std::size_t grants;
  };
  using SecondRow = KisiSwitches::SecondRow;
  const Row rows[] = {
      {"it took effect", Fault::done_but_lost, SecondRow::extra, 1},
      {"it had none", Fault::lost, SecondRow::extra, 2},
      {"it took effect, one row only", Fault::done_but_lost, SecondRow::conflict, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    HandmadePlan work;
    work.kisi.switches.second_row = row.second;
    work.grant("ada@example.com");
    work.fail_nth("grant", 1, row.fault);
    static_cast<void>(work.apply());
    CHECK(work.outcome(0) == applied);
    CHECK(work.rows_of("ada@example.com") == 1);
    CHECK(work.kisi.count("grant") == row.grants);
  }
}

TEST_CASE("a grant that cannot be read back is told as unknown and not repeated") {
  HandmadePlan work;
  work.grant("ada@example.com");
  work.kisi.fault = [](const Call& call) {
    return call.verb == "grant" ? Fault::done_but_lost : Fault::unreachable;
  };
  static_cast<void>(work.apply());
  CHECK(work.outcome(0) == unknown);
  CHECK(work.kisi.count("grant") == 1);
}

TEST_CASE("a grant refused for good is not sent again") {
  for (const Fault fault :
       {Fault::rejected, Fault::missing, Fault::forbidden, Fault::throttled, Fault::unreachable}) {
    CAPTURE(static_cast<int>(fault));
    HandmadePlan work;
    work.grant("ada@example.com");
    work.fail_all("grant", fault);
    CHECK_FALSE(work.apply().stopped_by);
    CHECK(work.outcome(0) == failed);
    CHECK(work.kisi.count("grant") == 1);
  }
}

TEST_CASE("revoking what is gone already is done; a lost answer is looked up") {
  HandmadePlan work;
  work.revoke("gone@example.com");
  work.revoke("lost@example.com");
  work.revoke("stays@example.com");
  work.kisi.rows.erase(*work.plan.actions[0].row);
  work.kisi.fault = [&](const Call& call) {
    if (call.verb != "revoke") return Fault::none;
    return call.row == *work.plan.actions[1].row   ? Fault::done_but_lost
           : call.row == *work.plan.actions[2].row ? Fault::lost
                                                   : Fault::none;
  };
  static_cast<void>(work.apply());
  CHECK(work.outcome(0) == applied);
  CHECK(work.outcome(1) == applied);
  CHECK(work.outcome(2) == unknown);
}

TEST_CASE("one 401 stops everything") {
  HandmadePlan work;
  work.grant("ada@example.com");
  work.grant("bo@example.com");
  work.fail_nth("grant", 1, Fault::unauthorized);
  const ApplyResult result = work.apply();
  REQUIRE(result.stopped_by);
  CHECK(result.stopped_by->category == Category::auth);
  CHECK(work.outcome(0) == failed);
  CHECK(work.outcome(1) == skipped);
  CHECK(work.kisi.calls.size() == 1);
}

TEST_CASE("three forbidden writes in a row stop everything, two do not") {
  struct Row {
    const char* name;
    std::vector<Fault> faults;
    bool stops;
  };
  using enum Fault;
  const Row rows[] = {
      {"three", {forbidden, forbidden, forbidden, none}, true},
      {"two", {forbidden, forbidden, none, none}, false},
      {"broken by a success", {forbidden, forbidden, none, forbidden}, false},
      {"broken by another refusal", {forbidden, forbidden, rejected, forbidden}, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    HandmadePlan work;
    for (std::size_t i = 0; i < row.faults.size(); ++i) work.grant(fmt::format("p{}@example.com", i));
    std::size_t next = 0;
    work.kisi.fault = [&](const Call&) { return row.faults[next++]; };
    const ApplyResult result = work.apply();
    CHECK(result.stopped_by.has_value() == row.stops);
    if (row.stops) CHECK(result.stopped_by->category == Category::auth);
  }
}

TEST_CASE("forbidden creates count in a row too, though their grants are skipped between them") {
  HandmadePlan work;
  for (int i = 0; i < 5; ++i) work.create_and_grant(fmt::format("p{}@example.com", i));
  work.fail_all("create_user", Fault::forbidden);
  const ApplyResult result = work.apply();
  REQUIRE(result.stopped_by);
  CHECK(result.stopped_by->category == Category::auth);
  CHECK(work.kisi.count("create_user") == 3);
}

TEST_CASE("three writes in a row that find the service gone leave the rest to the next run") {
  HandmadePlan work;
  for (int i = 0; i < 5; ++i) work.create_and_grant(fmt::format("p{}@example.com", i));
  work.fail_all("create_user", Fault::unreachable);
  const ApplyResult result = work.apply();
  REQUIRE(result.stopped_by);
  CHECK(result.stopped_by->category == Category::unavailable);
  CHECK(work.kisi.count("create_user") == 3);
  CHECK(work.outcome(9) == skipped);
}

TEST_CASE("no action starts at or after the deadline") {
  HandmadePlan work;
  work.grant("ada@example.com");
  work.grant("bo@example.com");
  work.deadline = work.clock.steady_now() + std::chrono::seconds{1};
  work.kisi.fault = [&](const Call&) {
    work.clock.advance(std::chrono::seconds{1});
    return Fault::none;
  };
  const ApplyResult result = work.apply();
  REQUIRE(result.stopped_by);
  CHECK(result.stopped_by->category == Category::deadline);
  CHECK(work.outcome(0) == applied);
  CHECK(work.outcome(1) == skipped);
}

TEST_CASE("an action that the deadline kept from being sent is skipped, not failed") {
  HandmadePlan work;
  work.grant("ada@example.com");
  work.create_and_grant("bo@example.com");
  work.fail_nth("grant", 1, Fault::out_of_time);
  const ApplyResult result = work.apply();
  REQUIRE(result.stopped_by);
  CHECK(result.stopped_by->category == Category::deadline);
  CHECK(work.outcome(0) == skipped);
  CHECK(work.outcome(1) == skipped);
}

TEST_CASE("a signal lets the action in flight end and starts no other") {
  HandmadePlan work;
  work.grant("ada@example.com");
  work.grant("bo@example.com");
  work.kisi.fault = [&](const Call&) {
    work.stop.request(15);
    return Fault::none;
  };
  const ApplyResult result = work.apply();
  REQUIRE(result.stopped_by);
  CHECK(result.stopped_by->category == Category::interrupted);
  CHECK(work.outcome(0) == applied);
  CHECK(work.outcome(1) == skipped);
}

TEST_CASE("adopting adds our metadata first and keeps foreign keys") {
  for (const auto way : {KisiSwitches::Metadata::replace, KisiSwitches::Metadata::merge}) {
    HandmadePlan work;
    work.kisi.switches.metadata = way;
    work.grant("ada@example.com");
    gk::User& user = work.kisi.users.begin()->second;
    user.metadata = {{"colour", "\"red\""}, {"shoe", "44"}};
    work.plan.actions[0].adopt = user;
    static_cast<void>(work.apply());
    CHECK(work.kisi.calls[0].verb == "merge_metadata");
    CHECK(user.metadata.size() == 5);
    CHECK(user.metadata.at("shoe") == "44");
    CHECK(work.outcome(0) == applied);
  }
}

TEST_CASE("metadata that cannot be written is a notice, access does not depend on it; a 401 stops") {
  HandmadePlan work;
  work.grant("ada@example.com");
  work.plan.actions[0].adopt = work.kisi.users.begin()->second;
  SECTION("refused") {
    work.fail_all("merge_metadata", Fault::rejected);
    CHECK_FALSE(work.apply().stopped_by);
    CHECK(work.outcome(0) == applied);
    REQUIRE(work.plan.notices.size() == 1);
    CHECK(work.plan.notices[0].kind == "metadata");
  }
  SECTION("unauthorized") {
    work.fail_all("merge_metadata", Fault::unauthorized);
    CHECK(work.apply().stopped_by->category == Category::auth);
    CHECK(work.outcome(0) == skipped);
  }
}

TEST_CASE("a former group keeps its row while the grant in the current one did not succeed") {
  HandmadePlan work;
  work.grant("ada@example.com");
  work.grant("bo@example.com");
  work.revoke("old@example.com", Cause::former_group);
  work.plan.actions[2].person = key("ada@example.com");
  work.revoke("older@example.com", Cause::former_group);
  work.plan.actions[3].person = key("bo@example.com");
  work.fail_nth("grant", 1, Fault::rejected);
  static_cast<void>(work.apply());
  CHECK(work.outcome(2) == skipped);
  CHECK(work.outcome(3) == applied);
}

TEST_CASE("a former group keeps its row while the change in the current one did not succeed") {
  HandmadePlan work;
  const RoleAssignmentId id = work.kisi.add_row("ada@example.com", hours(-1, 2));
  Action change{.kind = ActionKind::change, .person = key("ada@example.com")};
  change.row = id;
  change.user = work.kisi.rows.at(id).user;
  change.group = k_group;
  change.before = hours(-1, 2);
  work.plan.actions.push_back(change);
  work.revoke("old@example.com", Cause::former_group);
  work.plan.actions[1].person = key("ada@example.com");
  work.fail_all("grant", Fault::rejected);
  static_cast<void>(work.apply());
  CHECK(work.outcome(0) == failed);
  CHECK(work.outcome(1) == skipped);
}

TEST_CASE("a change that ends between its revoke and its grant is failed, not skipped") {
  HandmadePlan work;
  work.kisi.switches = {KisiSwitches::SecondRow::conflict, KisiSwitches::Patch::refused};
  const RoleAssignmentId id = work.kisi.add_row("ada@example.com", hours(-1, 2));
  Action change{.kind = ActionKind::change, .person = key("ada@example.com")};
  change.row = id;
  change.user = work.kisi.rows.at(id).user;
  change.group = k_group;
  change.before = hours(-1, 2);
  work.plan.actions.push_back(change);
  work.kisi.fault = [](const Call& call) { return call.must_follow ? Fault::out_of_time : Fault::none; };
  static_cast<void>(work.apply());
  CHECK(work.outcome(0) == failed);
  CHECK(work.plan.actions[0].error->message.find("has no access") != std::string::npos);
}

TEST_CASE("the row of a former e-mail stays while the grant to the new one did not succeed") {
  for (const Fault fault : {Fault::rejected, Fault::lost, Fault::none}) {
    CAPTURE(static_cast<int>(fault));
    HandmadePlan work;
    work.grant("new@example.com");
    work.revoke("old@example.com", Cause::email_changed);
    work.plan.actions[1].successor = key("new@example.com");
    work.fail_all("grant", fault);
    static_cast<void>(work.apply());
    CHECK(work.outcome(1) == (fault == Fault::none ? applied : skipped));
    CHECK(work.rows_of("old@example.com") == (fault == Fault::none ? 0 : 1));
  }
}

}  // namespace gk::reconcile::applier_test

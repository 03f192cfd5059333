#include "sweep/sandbox_state.hpp"

#include <fmt/format.h>

namespace gk::test {

namespace {

constexpr std::int64_t k_key_user = 7000001;

std::optional<Instant> time_of(json::View value) {
  const auto text = value.as_string();
  if (!text) return std::nullopt;
  return parse_rfc3339(*text).value();
}

RowState row_state(json::View row) {
  RowState state;
  const std::string email = text_of(row["assignee"]["email"]);
  const auto folded = fold_email(email);
  state.group = GroupId{number_of(row["group_id"])};
  state.email = folded.value_or(email);
  state.our_make =
      row["role_id"].as_string() == "group_basic" && row["assignee_type"].as_string() == "User" &&
      row["created_by_type"].as_string() == "User" && number_of(row["created_by_id"]) == k_key_user;
  state.ours = state.our_make && folded;
  state.validity = {time_of(row["valid_from"]), time_of(row["valid_until"])};
  state.rest = fmt::format("{} {} {} {}", text_of(row["role_id"]), number_of(row["assignee_id"]),
                           text_of(row["created_by_type"]), number_of(row["created_by_id"]));
  return state;
}

UserState user_state(json::View user) {
  UserState state{text_of(user["email"]), text_of(user["name"]), {}, {}};
  const json::View metadata = user["metadata"];
  for (const std::string_view key : metadata.keys())
    state.metadata.emplace(std::string(key), metadata[key].dump());
  state.rest = fmt::format("access_enabled {}", user["access_enabled"].dump());
  return state;
}

}  // namespace

SandboxState state_of(const SandboxGym& gym) {
  SandboxState state;
  state.text = gym.get("/state");
  const json::Document document = parse(state.text);
  const json::View rows = document.root()["role_assignments"];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows.at(i)["applies_to_type"].as_string() == "Group")
      state.kisi.rows.emplace(number_of(rows.at(i)["id"]), row_state(rows.at(i)));
  }
  const json::View users = document.root()["users"];
  for (std::size_t i = 0; i < users.size(); ++i)
    state.kisi.users.emplace(number_of(users.at(i)["id"]), user_state(users.at(i)));
  const json::View entries = document.root()["accesses"];
  for (std::size_t i = 0; i < entries.size(); ++i)
    state.checkins.entries.insert(text_of(entries.at(i)["user_id"]));
  const json::View bookings = document.root()["bookings"];
  for (std::size_t i = 0; i < bookings.size(); ++i) {
    if (bookings.at(i)["attended"].as_bool().value_or(false))
      state.checkins.attended.insert(text_of(bookings.at(i)["_id"]));
  }
  return state;
}

std::map<std::string, Claim> claims_of(const SandboxGym& gym, bool with_windows) {
  std::map<std::string, Claim> claims;
  for (const std::string& email : gym.expected()) claims[email].kind = Claim::Kind::right;
  if (!with_windows) return claims;
  const json::Document windows = parse(gym.get("/expected/windows"));
  for (std::size_t i = 0; i < windows.root().size(); ++i) {
    const json::View row = windows.root().at(i);
    const auto from = time_of(row["valid_from"]);
    const auto until = time_of(row["valid_until"]);
    if (!from || !until) continue;
    if (const auto window = Window::make(*from, *until))
      claims[text_of(row["email"])].windows.push_back(*window);
  }
  return claims;
}

}  // namespace gk::test

#include "control_api.hpp"

#include "eligibility.hpp"
#include "state.hpp"
#include "text.hpp"

#include <set>

#include <fmt/format.h>

namespace gk_sandbox {

Reply control_ok(std::string body) {
  Reply reply;
  reply.body = std::move(body);
  return reply;
}

Reply control_refusal(int status, std::string_view text) {
  Reply reply;
  reply.status = status;
  reply.body = JsonText().begin_object().field("error", text).end_object().text();
  return reply;
}

Reply ControlApi::answer(const Call& call) {
  const auto path = split(call.path, '/');
  if (path.empty()) {
    return control_refusal(404, "no such control route");
  }
  if (call.body.empty()) {
    return route(call, path, Value(rapidjson::kObjectType));
  }
  if (path.front() == "state" && call.method == "PUT") {
    const std::scoped_lock lock(world_.mutex);
    const std::string fault = load_state(world_, call.body);
    return fault.empty() ? control_ok("{}") : control_refusal(400, fault);
  }
  const auto body = parse_json(call.body);
  return body && body->IsObject() ? route(call, path, *body)
                                  : control_refusal(400, "the body is not a JSON object");
}

Reply ControlApi::route(const Call& call, const std::vector<std::string>& path, const Value& body) {
  const bool get = call.method == "GET";
  const std::string second = path.size() > 1 ? path[1] : "";
  if (path.front() == "journal") {
    if (call.method == "DELETE") {
      journal_.clear();
      return control_ok("{}");
    }
    return control_ok(second == "summary" ? journal_.summary() : journal_.entries(second == "writes"));
  }
  if (path.front() == "switches") {
    return get ? set_switches(Value(rapidjson::kObjectType)) : set_switches(body);
  }
  if (path.front() == "clock") {
    return set_clock(body);
  }
  if (path.front() == "faults") {
    if (call.method == "POST") {
      return add_fault(body);
    }
    if (call.method == "DELETE" && second.empty()) {
      faults_.clear();
    } else if (call.method == "DELETE" &&
               !faults_.remove(static_cast<std::uint64_t>(to_int(second).value_or(0)))) {
      return control_refusal(404, "no such fault");
    }
    return control_ok(faults_.list());
  }
  const std::scoped_lock lock(world_.mutex);
  return service_route(call, path, body);
}

Reply ControlApi::service_route(const Call& call, const std::vector<std::string>& path, const Value& body) {
  const bool get = call.method == "GET";
  const std::string& name = path.front();
  if (name == "state" && get) {
    return control_ok(dump_state(world_, clock_.now()));
  }
  if (name == "group" && get) {
    const auto wanted = to_int(call.parameter("id").value_or("")).value_or(world_.installation.group_id);
    return control_ok(path.size() > 1 && path[1] == "full" ? full_group(world_, wanted)
                                                           : compact_group(world_, wanted));
  }
  if (name == "inside" && get) {
    return show_inside(call);
  }
  if (name == "expected" && get) {
    return show_expected(call);
  }
  if (name == "accesses" && get) {
    return control_ok(fmt::format("[{}]", fmt::join(world_.accesses, ",")));
  }
  if (name == "people") {
    return people(call, path, body);
  }
  if (name == "bookings") {
    return bookings(call, path, body);
  }
  if (name == "events" && call.method == "POST") {
    return add_unlock(body);
  }
  return name == "kisi" && path.size() > 1 ? kisi(call, path, body)
                                           : control_refusal(404, "no such control route");
}

Reply ControlApi::set_switches(const Value& body) {
  for (const auto& member : body.GetObject()) {
    const std::string value = member.value.IsString() ? member.value.GetString() : to_text(member.value);
    const std::string fault = switches_.set(member.name.GetString(), value);
    if (!fault.empty()) {
      return control_refusal(400, fault);
    }
  }
  JsonText out;
  out.begin_object();
  for (const auto& [name, value] : switches_.all()) {
    out.field(name, value);
  }
  return control_ok(out.end_object().text());
}

Reply ControlApi::set_clock(const Value& body) {
  if (const Value* now = find(body, "now")) {
    const auto instant = now->IsString() ? parse_rfc3339(now->GetString()) : std::nullopt;
    if (!instant) {
      return control_refusal(400, "now takes a time such as 2026-03-01T08:00:00Z");
    }
    clock_.set(*instant, bool_at(body, "frozen").value_or(false));
  }
  clock_.advance(int_at(body, "advance_seconds").value_or(0));
  return control_ok(JsonText().begin_object().field("now", to_rfc3339(clock_.now())).end_object().text());
}

Reply ControlApi::add_fault(const Value& body) {
  std::string error;
  const std::uint64_t id = faults_.add(body, error);
  return error.empty() ? control_ok(fmt::format(R"({{"id":{}}})", id)) : control_refusal(400, error);
}

/// Whom the doors of a group would let in now, by the sandbox's clock.
Reply ControlApi::show_inside(const Call& call) {
  const Epoch now = clock_.now();
  const auto group = to_int(call.parameter("id").value_or("")).value_or(world_.installation.group_id);
  const bool end_inclusive = switches_.is("window_end", "inclusive");
  std::set<std::string> emails;
  for (const auto& [id, row] : world_.assignments) {
    if (row.applies_to_type == "Group" && row.applies_to_id == group && row.in_window(now, end_inclusive)) {
      emails.insert(row.email);
    }
  }
  JsonText out;
  out.begin_array();
  for (const std::string& email : emails) {
    out.value(email);
  }
  return control_ok(out.end_array().text());
}

Reply ControlApi::show_expected(const Call& call) {
  const Epoch now = clock_.now();
  JsonText out;
  out.begin_array();
  if (call.path == "/expected/windows") {
    const auto hours = to_int(call.parameter("lookahead_hours").value_or("")).value_or(24);
    for (const ExpectedWindow& window : expected_windows(world_, now, hours * k_hour)) {
      out.begin_object().field("email", window.email).field("valid_from", to_rfc3339(window.from));
      out.field("valid_until", to_rfc3339(window.until)).end_object();
    }
  } else {
    for (const ExpectedPerson& person : expected_people(world_, now)) {
      out.value(person.email);
    }
  }
  return control_ok(out.end_array().text());
}

}  // namespace gk_sandbox

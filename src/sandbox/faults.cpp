#include "faults.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace gk_sandbox {

namespace {

constexpr std::array k_kinds{"status",
                             "html502",
                             "timeout_before",
                             "timeout_after",
                             "reset_before",
                             "reset_after",
                             "truncated",
                             "malformed",
                             "not_utf8",
                             "deep_nesting",
                             "success_false",
                             "wrong_total",
                             "repeated_page",
                             "page_cap",
                             "short_page",
                             "insert_row_while_paging",
                             "remove_row_while_paging",
                             "empty_list",
                             "redirect",
                             "slow_drip",
                             "huge",
                             "latency",
                             "body"};

Reply status_reply(const Fault& fault, Epoch now) {
  Reply reply;
  reply.status = fault.kind == "html502" ? 502 : fault.status;
  if (fault.kind == "html502") {
    reply.content_type = "text/html";
    reply.body =
        "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
  } else {
    reply.body = !fault.body.empty()
                     ? fault.body
                     : fmt::format(R"({{"error":"Scripted fault.","message":"Scripted fault.","code":"{}"}})",
                                   "ffffff");
  }
  if (fault.retry_after == "date") {
    reply.headers.emplace_back("Retry-After", to_http_date(now + k_hour));
  } else if (fault.retry_after == "absurd") {
    reply.headers.emplace_back("Retry-After", "99999999999999999999");
  } else if (!fault.retry_after.empty()) {
    reply.headers.emplace_back("Retry-After", fault.retry_after);
  }
  return reply;
}

std::string text_or_number(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  return value == nullptr || value->IsNull() ? ""
         : value->IsString()                 ? string_at(object, key)
                                             : to_text(*value);
}

}  // namespace

bool is_fault_kind(const std::string& kind) {
  return std::find(k_kinds.begin(), k_kinds.end(), kind) != k_kinds.end();
}

std::string fault_kinds() { return fmt::format("{}", fmt::join(k_kinds, ", ")); }

std::uint64_t Faults::add(const Value& description, std::string& error) {
  Armed armed;
  Fault& fault = armed.fault;
  fault.kind = string_at(description, "kind");
  if (!is_fault_kind(fault.kind)) {
    error = fmt::format("kind must be one of: {}", fault_kinds());
    return 0;
  }
  const auto number = [&description](const char* key, auto& target) {
    if (const auto value = int_at(description, key)) {
      target = static_cast<std::remove_reference_t<decltype(target)>>(*value);
    }
  };
  const auto count = [&description](const char* key, std::optional<std::uint64_t>& target) {
    if (const auto value = int_at(description, key)) {
      target = static_cast<std::uint64_t>(*value);
    }
  };
  fault.service = find(description, "service") != nullptr ? string_at(description, "service") : "any";
  fault.method = string_at(description, "method");
  fault.path = find(description, "path") != nullptr ? string_at(description, "path") : ".*";
  count("request", fault.request);
  count("count", fault.count);
  number("skip", fault.skip);
  if (const auto nth = int_at(description, "nth")) {
    fault.skip = static_cast<std::uint64_t>(std::max<std::int64_t>(*nth, 1) - 1);
    fault.count = 1;
  }
  if (const Value* probability = find(description, "probability");
      probability != nullptr && probability->IsNumber()) {
    fault.probability = probability->GetDouble();
  }
  number("seed", fault.seed);
  number("status", fault.status);
  fault.retry_after = text_or_number(description, "retry_after");
  fault.body = text_or_number(description, "body");
  number("ms", fault.ms);
  number("bytes", fault.bytes);
  number("rows", fault.rows);
  number("delta", fault.delta);
  fault.after = bool_at(description, "after").value_or(false);
  armed.random.seed(fault.seed);
  try {
    armed.path = std::regex(fault.path);
  } catch (const std::regex_error& fault_in_regex) {
    error = fmt::format("path is not a regular expression: {}", fault_in_regex.what());
    return 0;
  }
  const std::scoped_lock lock(mutex_);
  fault.id = ++last_id_;
  armed_.push_back(std::move(armed));
  return last_id_;
}

void Faults::clear() {
  const std::scoped_lock lock(mutex_);
  armed_.clear();
}

bool Faults::remove(std::uint64_t id) {
  const std::scoped_lock lock(mutex_);
  const auto found =
      std::find_if(armed_.begin(), armed_.end(), [id](const Armed& one) { return one.fault.id == id; });
  if (found == armed_.end()) {
    return false;
  }
  armed_.erase(found);
  return true;
}

std::optional<Fault> Faults::match(Service service, const Call& call, const Journal::Ticket& ticket) {
  const std::scoped_lock lock(mutex_);
  for (Armed& armed : armed_) {
    Fault& fault = armed.fault;
    const bool any = fault.service == "any" || fault.service == "both";
    if ((!any && fault.service != service_name(service)) ||
        (!fault.method.empty() && fault.method != call.method) ||
        (fault.count && fault.hits >= *fault.count)) {
      continue;
    }
    if (fault.request && *fault.request != (any ? ticket.number : ticket.service_number)) {
      continue;
    }
    const std::string target = call.query.empty() ? call.path : call.path + "?" + call.query;
    if (!std::regex_search(target, armed.path) || armed.seen++ < fault.skip) {
      continue;
    }
    if (fault.probability < 1 &&
        std::uniform_real_distribution<double>(0, 1)(armed.random) >= fault.probability) {
      continue;
    }
    ++fault.hits;
    return fault;
  }
  return std::nullopt;
}

std::string Faults::list() const {
  const std::scoped_lock lock(mutex_);
  JsonText out;
  out.begin_array();
  for (const Armed& armed : armed_) {
    const Fault& fault = armed.fault;
    out.begin_object().field("id", fault.id).field("kind", fault.kind).field("service", fault.service);
    out.field("method", fault.method)
        .field("path", fault.path)
        .field("hits", fault.hits)
        .field("seen", armed.seen)
        .end_object();
  }
  out.end_array();
  return out.text();
}

bool happens_before(const Fault& fault) {
  const bool status = fault.kind == "status" || fault.kind == "html502" || fault.kind == "success_false";
  return (status && !fault.after) || fault.kind == "timeout_before" || fault.kind == "reset_before" ||
         fault.kind == "redirect";
}

Reply reply_before(const Fault& fault, Epoch now) {
  Reply reply = status_reply(fault, now);
  if (fault.kind == "success_false") {
    damage(reply, fault, now);
  }
  if (fault.kind == "timeout_before") {
    interruptible_sleep(std::chrono::milliseconds(fault.ms));
    reply = Reply();
    reply.wire.body_bytes = 0;
    reply.wire.reset = true;
  } else if (fault.kind == "reset_before") {
    reply.wire.reset = true;
  } else if (fault.kind == "redirect") {
    reply.status = fault.status >= 300 && fault.status < 400 ? fault.status : 302;
    reply.headers.emplace_back("Location", fault.body.empty() ? "http://127.0.0.1:9/elsewhere" : fault.body);
    reply.body = "{}";
  }
  return reply;
}

ListTricks tricks_of(const Fault& fault) {
  ListTricks tricks;
  tricks.empty_list = fault.kind == "empty_list";
  tricks.repeated_page = fault.kind == "repeated_page";
  tricks.insert_row = fault.kind == "insert_row_while_paging";
  tricks.remove_row = fault.kind == "remove_row_while_paging";
  if (fault.kind == "page_cap") {
    tricks.page_cap = fault.rows;
  }
  tricks.drop_rows = fault.kind == "short_page" ? fault.rows : 0;
  tricks.total_delta = fault.kind == "wrong_total" ? fault.delta : 0;
  return tricks;
}

void damage(Reply& reply, const Fault& fault, Epoch now) {
  const std::string& kind = fault.kind;
  if (kind == "status" || kind == "html502") {
    reply = status_reply(fault, now);
  } else if (kind == "timeout_after") {
    interruptible_sleep(std::chrono::milliseconds(fault.ms));
    reply.wire.reset = true;
  } else if (kind == "reset_after") {
    reply.wire.reset = true;
  } else if (kind == "truncated") {
    reply.wire.body_bytes = fault.bytes != 0 ? fault.bytes : reply.body.size() / 2;
  } else if (kind == "malformed") {
    reply.body = reply.body.substr(0, reply.body.size() / 2) + "}]";
  } else if (kind == "not_utf8") {
    const auto quote = reply.body.rfind("\":\"");
    reply.body.insert(quote == std::string::npos ? reply.body.size() / 2 : quote + 3, "\xff\xfe\xc3");
  } else if (kind == "deep_nesting") {
    reply.body.assign(fault.bytes != 0 ? fault.bytes : 2'000'000, '[');
  } else if (kind == "success_false") {
    reply.body =
        !fault.body.empty()
            ? fault.body
            : R"({"success":false,"message":"Scripted refusal","message_code":"SCRIPTED_REFUSAL","errors":[]})";
    reply.status = 200;
  } else if (kind == "slow_drip") {
    reply.wire.drip_bytes = std::max<std::size_t>(fault.bytes, 1);
    reply.wire.drip_pause = std::chrono::milliseconds(fault.ms);
  } else if (kind == "huge") {
    const std::size_t size = fault.bytes != 0 ? fault.bytes : std::size_t{64} << 20;
    reply.body.resize(std::max(size, reply.body.size()), ' ');
  } else if (kind == "latency") {
    interruptible_sleep(std::chrono::milliseconds(fault.ms));
  } else if (kind == "body") {
    reply.body = fault.body;
  }
}

}  // namespace gk_sandbox

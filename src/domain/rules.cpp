#include "domain/rules.hpp"

#include <algorithm>

#include "util/text.hpp"

namespace gk {

namespace {

bool is_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

PlanFilter PlanFilter::of(const std::vector<std::string>& entries) {
  PlanFilter filter;
  filter.entries_.emplace();
  for (const std::string& entry : entries) filter.entries_->push_back(Wanted{entry, fold_name(entry)});
  return filter;
}

std::vector<std::string> PlanFilter::entries() const {
  std::vector<std::string> texts;
  if (entries_) {
    for (const Wanted& entry : *entries_) texts.push_back(entry.text);
  }
  return texts;
}

PlanFilter::Match PlanFilter::match(const PlanNames& plan) const {
  if (!entries_) return Match::yes;
  const std::string membership = fold_name(plan.membership_name);
  const std::string plan_name = fold_name(plan.plan_name);
  bool field_missing = false;
  for (const Wanted& entry : *entries_) {
    const std::string& wanted = entry.folded;
    if (wanted.empty()) continue;  // it would match every row that lacks a name
    if (wanted == membership || wanted == plan_name || wanted == plan.plan_code ||
        wanted == plan.membership_id) {
      return Match::yes;
    }
    if (is_glofox_id(wanted)) {
      field_missing |= plan.membership_id.empty();
    } else if (is_digits(wanted)) {
      field_missing |= plan.plan_code.empty();
    } else {
      field_missing |= membership.empty() || plan_name.empty();
    }
  }
  return field_missing ? Match::field_missing : Match::no;
}

std::vector<std::string> PlanFilter::unmatched(const std::vector<PlanNames>& plans) const {
  std::vector<std::string> left;
  for (const std::string& entry : entries()) {
    const PlanFilter single = PlanFilter::of({entry});
    const bool found =
        std::ranges::any_of(plans, [&](const PlanNames& plan) { return single.match(plan) == Match::yes; });
    if (!found) left.push_back(entry);
  }
  return left;
}

std::size_t BrakeLimit::allowed(std::size_t rows) const { return std::max(count, percent * rows / 100); }

}  // namespace gk

#include "glofox/roster_pages.hpp"

#include <algorithm>
#include <utility>

namespace gk::glofox {

RosterPages::RosterPages(const BranchZone& branch, std::size_t max_people)
    : branch_(branch), max_people_(max_people), schema_("data", member_fields(), envelope_fields()) {}

void RosterPages::begin() {
  roster_ = Roster();
  is_reserved_ = false;
}

Result<PageContent> RosterPages::take(int http_status, std::string& body) {
  PageContent content;
  std::size_t count = 0;
  GK_TRY_ASSIGN(const json::PageEnvelope envelope,
                json::read_page(body, schema_, [&](std::span<const json::Scalar> row) {
                  if (count == rows_.size()) rows_.emplace_back();
                  if (decode_member(row, branch_, rows_[count])) {
                    ++count;
                  } else {
                    ++content.unusable;
                  }
                }));
  describe_page(http_status, envelope.fields, content);
  content.has_rows = envelope.has_rows;
  content.unusable += envelope.odd_rows;
  if (content.refusal) return content;
  if (!is_reserved_ && content.total) roster_.reserve(std::min(*content.total, max_people_));
  is_reserved_ = is_reserved_ || content.total.has_value();
  for (std::size_t i = 0; i < count; ++i) ++(roster_.add(rows_[i]) ? content.fresh : content.repeated);
  return content;
}

Roster RosterPages::finish() {
  roster_.seal();
  return std::move(roster_);
}

}  // namespace gk::glofox

#pragma once

#include <string>
#include <vector>

#include "domain/roster.hpp"
#include "glofox/decode.hpp"
#include "glofox/paging.hpp"
#include "json/row_stream.hpp"

namespace gk::glofox {

/// Collects the pages of a member list.
class RosterPages {
 public:
  RosterPages(const BranchZone& branch, std::size_t max_people);

  void begin();
  void set_branch(const BranchZone& branch) { branch_ = branch; }
  /// Rows are set aside until the page is known to be whole: a malformed one is asked for again.
  [[nodiscard]] Result<PageContent> take(int http_status, std::string& body);
  [[nodiscard]] Roster finish();

 private:
  BranchZone branch_;
  std::size_t max_people_;
  json::PageSchema schema_;
  Roster roster_;
  std::vector<Member> rows_;  ///< of one page; kept between pages for their strings
  bool is_reserved_ = false;
};

}  // namespace gk::glofox

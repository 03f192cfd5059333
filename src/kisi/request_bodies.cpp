#include "kisi/codec.hpp"

#include "json/writer.hpp"
#include "util/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace gk::kisi {

namespace {

constexpr std::size_t k_max_metadata_keys = 50;  // kisi-api 5.6

std::string json_text(std::string_view text) {
  json::Writer writer;
  writer.value(text);
  return writer.take();
}

void write_bound(json::Writer& writer, std::string_view key, const std::optional<Instant>& bound) {
  writer.key(key);
  if (bound) {
    writer.value(format_rfc3339(*bound));
  } else {
    writer.null();
  }
}

void write_validity(json::Writer& writer, const Validity& validity) {
  write_bound(writer, "valid_from", validity.from);
  write_bound(writer, "valid_until", validity.until);
}

void write_metadata(json::Writer& writer, const Metadata& metadata) {
  writer.key("metadata").begin_object();
  for (const auto& entry : metadata) writer.key(entry.first).raw(entry.second);
  writer.end_object();
}

Metadata our_metadata(MemberId member, const BranchId& branch) {
  return {{std::string(k_metadata_sync), json_text(k_metadata_version)},
          {std::string(k_metadata_member), json_text(member.text())},
          {std::string(k_metadata_branch), json_text(branch.value())}};
}

}  // namespace

std::string encode_new_user(const NewUser& user) {
  const std::string_view name = trim(user.name);
  json::Writer writer;
  writer.begin_object().key("user").begin_object();
  writer.member("email", std::string_view(user.person.email()));
  writer.member("name", name.empty() ? std::string_view(user.person.email()) : name);
  writer.member("send_emails", user.send_emails).member("confirm", true).member("access_enabled", true);
  write_metadata(writer, our_metadata(user.member, user.branch));
  writer.end_object().end_object();
  return writer.take();
}

Result<std::optional<Metadata>> merged_metadata(const User& user, MemberId member, const BranchId& branch) {
  Metadata merged = user.metadata;
  for (auto& entry : our_metadata(member, branch))
    merged.insert_or_assign(entry.first, std::move(entry.second));
  if (merged == user.metadata) return std::optional<Metadata>();
  if (merged.size() > k_max_metadata_keys) {
    return fail(
        Category::rejected,
        fmt::format("the user has {} metadata keys of other programs; Kisi allows {}, so ours do not fit",
                    user.metadata.size(), k_max_metadata_keys));
  }
  return std::optional<Metadata>(std::move(merged));
}

std::string encode_metadata(const Metadata& metadata) {
  json::Writer writer;
  writer.begin_object().key("user").begin_object();
  write_metadata(writer, metadata);
  writer.end_object().end_object();
  return writer.take();
}

std::string encode_grant(UserId user, GroupId group, const Validity& validity) {
  json::Writer writer;
  writer.begin_object().key("role_assignment").begin_object();
  writer.member("applies_to_type", "Group").member("applies_to_id", group.value());
  writer.member("assignee_type", "User").member("assignee_id", user.value());
  writer.member("role_id", k_group_role).member("notify", false);
  write_validity(writer, validity);
  writer.end_object().end_object();
  return writer.take();
}

std::string encode_change(const Validity& validity) {
  json::Writer writer;
  writer.begin_object().key("role_assignment").begin_object();
  write_validity(writer, validity);
  writer.end_object().end_object();
  return writer.take();
}

}  // namespace gk::kisi

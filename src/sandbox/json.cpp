#include "json.hpp"

#include <charconv>

namespace gk_sandbox {

namespace {

rapidjson::SizeType size_of(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

/// RapidJSON's mutable iterators cannot be compared in C++20 without a warning; its constant ones can.
Value* find_mutable(Value& object, std::string_view key) { return const_cast<Value*>(find(object, key)); }

}  // namespace

std::optional<Document> parse_json(std::string_view text) {
  constexpr unsigned k_flags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  std::optional<Document> document(std::in_place);
  document->Parse<k_flags>(text.data(), text.size());
  if (document->HasParseError()) {
    document.reset();
  }
  return document;
}

std::string to_text(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

const Value* find(const Value& object, std::string_view key) {
  if (!object.IsObject()) {
    return nullptr;
  }
  const auto found = object.FindMember(Value(rapidjson::StringRef(key.data(), size_of(key))));
  return found != object.MemberEnd() ? &found->value : nullptr;
}

std::string string_at(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  return value != nullptr && value->IsString() ? std::string(value->GetString(), value->GetStringLength())
                                               : std::string();
}

std::optional<bool> bool_at(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  return value != nullptr && value->IsBool() ? std::optional<bool>(value->GetBool()) : std::nullopt;
}

std::optional<std::int64_t> to_int(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  return fault == std::errc() && stop == end && !text.empty() ? std::optional<std::int64_t>(number)
                                                              : std::nullopt;
}

std::optional<std::int64_t> int_at(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (value->IsInt64()) {
    return value->GetInt64();
  }
  return value->IsString() ? to_int({value->GetString(), value->GetStringLength()}) : std::nullopt;
}

void merge_patch(Value& target, const Value& patch, Allocator& allocator) {
  if (!patch.IsObject()) {
    target.CopyFrom(patch, allocator);
    return;
  }
  if (!target.IsObject()) {
    target.SetObject();
  }
  for (const auto& member : patch.GetObject()) {
    const std::string_view key(member.name.GetString(), member.name.GetStringLength());
    if (member.value.IsNull()) {
      remove_member(target, key);
      continue;
    }
    if (Value* found = find_mutable(target, key)) {
      merge_patch(*found, member.value, allocator);
    } else {
      Value copy;
      merge_patch(copy, member.value, allocator);
      target.AddMember(make_string(key, allocator), copy, allocator);
    }
  }
}

void set_member(Value& object, std::string_view key, Value value, Allocator& allocator) {
  if (Value* found = find_mutable(object, key)) {
    *found = value;
  } else {
    object.AddMember(make_string(key, allocator), value, allocator);
  }
}

void set_member(Value& object, std::string_view key, std::string_view text, Allocator& allocator) {
  set_member(object, key, make_string(text, allocator), allocator);
}

void remove_member(Value& object, std::string_view key) {
  object.EraseMember(Value(rapidjson::StringRef(key.data(), size_of(key))));
}

Value make_string(std::string_view text, Allocator& allocator) {
  return Value(text.data(), size_of(text), allocator);
}

JsonText& JsonText::begin_object() {
  writer_.StartObject();
  return *this;
}

JsonText& JsonText::end_object() {
  writer_.EndObject();
  return *this;
}

JsonText& JsonText::begin_array() {
  writer_.StartArray();
  return *this;
}

JsonText& JsonText::end_array() {
  writer_.EndArray();
  return *this;
}

JsonText& JsonText::key(std::string_view name) {
  writer_.Key(name.data(), size_of(name));
  return *this;
}

JsonText& JsonText::raw(std::string_view json) {
  writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  return *this;
}

JsonText& JsonText::value(std::string_view text) {
  writer_.String(text.empty() ? "" : text.data(), size_of(text));
  return *this;
}

JsonText& JsonText::value(std::nullptr_t) {
  writer_.Null();
  return *this;
}

JsonText& JsonText::value(const Value& json) {
  json.Accept(writer_);
  return *this;
}

}  // namespace gk_sandbox

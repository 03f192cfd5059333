#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "config/tree.hpp"

/// What the values of the file may be. A Kind<T> is one place that knows how a value is checked and read into
/// a T, how a T is written, and how the schema and the reference describe it. A Table<T> lists the keys of
/// the object that is read into a T.
namespace gk::config {

using Faults = std::vector<Fault>;

struct KeyInfo;

/// A kind of value, as the schema and the reference describe it.
struct Shape {
  std::string words{};        ///< "duration, 0s to 1d"
  std::string schema{};       ///< members of its JSON Schema, without the braces; not of objects
  std::vector<KeyInfo> keys;  ///< of an object
  bool list_of_objects = false;
  std::optional<double> live_max{};  ///< the maximum unless the base_url is a loopback address
};

/// A key of an object, as messages, the schema and the reference need it.
struct KeyInfo {
  std::string_view name;
  Shape shape;
  std::string_view meaning;
  std::string standard;  ///< the default as it would stand in the file; may be empty
  bool required = false;
};

/// A fault at a value.
[[nodiscard]] Fault fault_at(const Node& node, std::string path, std::string message,
                             std::string suggestion = "");

/// Checks an object and calls `read` for each key that is known.
void read_object(const Node& node, const std::string& path, const std::vector<KeyInfo>& keys, Faults& faults,
                 const std::function<void(std::size_t index, const Node&, const std::string& path)>& read);

template <class T>
struct Kind {
  /// The value, or nothing and a fault. Of an object with faults what is left of it.
  std::function<std::optional<T>(const Node&, const std::string& path, Faults&)> read;
  /// As it would stand in the file; empty for what has no short form.
  std::function<std::string(const T&)> write = [](const T&) { return std::string(); };
  Shape shape;
};

enum class Need { optional, required };

template <class T>
struct Table;

/// One key of the object that is read into a T.
template <class T>
struct KeyRow {
  /// Kept in a member. The default is the member's initialiser.
  template <class Owner, class M>
  requires std::derived_from<T, Owner> KeyRow(std::string_view name, M Owner::*member, Kind<M> kind,
                                              std::string_view meaning, Need need = Need::optional)
      : KeyRow(
            name, [member](T& owner) -> M& { return owner.*member; }, std::move(kind), meaning, need) {}
  /// Kept in a member of a member.
  template <class Owner, class Part, class M>
  requires std::derived_from<T, Owner> KeyRow(std::string_view name, Part Owner::*part, M Part::*member,
                                              Kind<M> kind, std::string_view meaning)
      : KeyRow(
            name, [=](T& owner) -> M& { return owner.*part.*member; }, std::move(kind), meaning,
            Need::optional) {}
  /// Checked, but not kept.
  template <class M>
  KeyRow(std::string_view name, Kind<M> kind, std::string_view meaning, Need need = Need::optional)
      : info{name, std::move(kind.shape), meaning, "", need == Need::required},
        read([read = std::move(kind.read)](T&, const Node& node, const std::string& path, Faults& faults) {
          static_cast<void>(read(node, path, faults));
        }) {}
  /// An object whose keys are kept in the same T.
  KeyRow(std::string_view name, Table<T> keys, std::string_view meaning);
  /// An object that is kept in a member. Keys that are absent leave the member's own initialiser alone.
  template <class Owner, class Part>
  requires std::derived_from<T, Owner> KeyRow(std::string_view name, Part Owner::*part,
                                              const Table<Part>& keys, std::string_view meaning,
                                              Need need = Need::optional);

  KeyInfo info;
  std::function<void(T&, const Node&, const std::string& path, Faults&)> read;
  std::function<std::string(T&)> write = [](T&) { return std::string(); };  ///< what the default would be

 private:
  template <class Access, class M>
  requires std::invocable<Access, T&> KeyRow(std::string_view name, Access access, Kind<M> kind,
                                             std::string_view meaning, Need need)
      : info{name, std::move(kind.shape), meaning, "", need == Need::required},
        read([access, read = std::move(kind.read)](T& owner, const Node& node, const std::string& path,
                                                   Faults& faults) {
          if (auto value = read(node, path, faults)) access(owner) = *std::move(value);
        }) {
    if (need == Need::required) return;
    write = [access, show = std::move(kind.write)](T& owner) { return show(access(owner)); };
  }
};

template <class T>
struct Table {
  Table(std::initializer_list<KeyRow<T>> rows) {
    for (const KeyRow<T>& row : rows) {
      keys.push_back(row.info);
      readers.push_back(row.read);
      writers.push_back(row.write);
    }
    T standard{};
    set_defaults(standard);
  }

  void set_defaults(T& standard) {
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i].standard = writers[i](standard);
  }

  void read(T& owner, const Node& node, const std::string& path, Faults& faults) const {
    read_object(node, path, keys, faults,
                [&](std::size_t index, const Node& child, const std::string& child_path) {
                  readers[index](owner, child, child_path, faults);
                });
  }

  std::vector<KeyInfo> keys;
  std::vector<std::function<void(T&, const Node&, const std::string& path, Faults&)>> readers;
  std::vector<std::function<std::string(T&)>> writers;
};

template <class T>
KeyRow<T>::KeyRow(std::string_view name, Table<T> keys, std::string_view meaning)
    : info{name, {.words = "object", .keys = keys.keys}, meaning, "", false},
      read([keys](T& owner, const Node& node, const std::string& path, Faults& faults) {
        keys.read(owner, node, path, faults);
      }) {}

template <class T>
template <class Owner, class Part>
requires std::derived_from<T, Owner> KeyRow<T>::KeyRow(std::string_view name, Part Owner::*part,
                                                       const Table<Part>& keys, std::string_view meaning,
                                                       Need need)
    : info{name, {}, meaning, "", need == Need::required} {
  Table<Part> own = keys;
  T standard{};
  own.set_defaults(standard.*part);
  info.shape = {.words = "object", .keys = own.keys};
  read = [part, own = std::move(own)](T& owner, const Node& node, const std::string& path, Faults& faults) {
    own.read(owner.*part, node, path, faults);
  };
}

/// An object that is a value by itself, in a list for example.
template <class T>
[[nodiscard]] Kind<T> object(Table<T> keys) {
  Kind<T> kind;
  kind.shape = {.words = "object", .keys = keys.keys};
  kind.read = [keys = std::move(keys)](const Node& node, const std::string& path, Faults& faults) {
    std::optional<T> value(std::in_place);
    keys.read(*value, node, path, faults);
    return value;
  };
  return kind;
}

/// A value that may be missing.
template <class M>
[[nodiscard]] Kind<std::optional<M>> optional(Kind<M> kind) {
  return {[read = std::move(kind.read)](const Node& node, const std::string& path, Faults& faults) {
            auto value = read(node, path, faults);
            return value ? std::optional(std::optional<M>(*std::move(value))) : std::nullopt;
          },
          [write = std::move(kind.write)](const std::optional<M>& value) {
            return value ? write(*value) : std::string();
          },
          std::move(kind.shape)};
}

/// As optional(), and `null` says that it is missing.
template <class M>
[[nodiscard]] Kind<std::optional<M>> nullable(Kind<M> kind) {
  Kind<std::optional<M>> either = optional(std::move(kind));
  either.read = [read = std::move(either.read)](const Node& node, const std::string& path, Faults& faults) {
    using Value = std::optional<std::optional<M>>;
    return node.kind == NodeKind::null ? Value(std::in_place) : read(node, path, faults);
  };
  either.write = [write = std::move(either.write)](const std::optional<M>& value) {
    return value ? write(value) : std::string("null");
  };
  either.shape.words += " or `null`";
  either.shape.schema = R"("oneOf": [{ "type": "null" }, { )" + either.shape.schema + " }]";
  return either;
}

/// What a list must hold, and why, for messages.
struct ListRules {
  std::string_view if_empty{};  ///< why it must not be empty; "" when it may
  std::string_view instead{};   ///< what to do instead of an empty list
};

/// False, and a fault, when the value is no list. An empty list may be a fault, too.
[[nodiscard]] bool check_list(const Node& node, const std::string& path, const ListRules& rules,
                              Faults& faults);
[[nodiscard]] Shape list_shape(Shape item, const ListRules& rules);

/// A list of values of one kind.
template <class Container>
[[nodiscard]] Kind<Container> list(Kind<typename Container::value_type> item, ListRules rules = {}) {
  Kind<Container> kind;
  kind.shape = list_shape(item.shape, rules);
  kind.write = [write = item.write](const Container& values) {
    std::string text;
    for (const auto& value : values) text += (text.empty() ? "" : ", ") + write(value);
    return "[" + text + "]";
  };
  kind.read = [read = std::move(item.read), rules](const Node& node, const std::string& path,
                                                   Faults& faults) -> std::optional<Container> {
    if (!check_list(node, path, rules, faults)) return std::nullopt;
    Container values;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      if (auto value = read(node.children[i], child_path(path, i), faults))
        values.insert(values.end(), *std::move(value));
    }
    return values;
  };
  return kind;
}

/// Checks a word; its index in `words`.
[[nodiscard]] std::optional<std::size_t> read_word(const Node& node, const std::string& path,
                                                   const std::vector<std::string_view>& words,
                                                   Faults& faults);
[[nodiscard]] Shape word_shape(const std::vector<std::string_view>& words);

/// One of some words, each with its value.
template <class T>
[[nodiscard]] Kind<T> word(std::span<const std::pair<std::string_view, T>> pairs) {
  std::vector<std::string_view> words;
  std::vector<T> values;
  for (const auto& [text, value] : pairs) {
    words.push_back(text);
    values.push_back(value);
  }
  Kind<T> kind;
  kind.shape = word_shape(words);
  kind.write = [words, values](const T& value) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] == value) return "\"" + std::string(words[i]) + "\"";
    }
    return std::string();
  };
  kind.read = [words, values](const Node& node, const std::string& path, Faults& faults) {
    const auto index = read_word(node, path, words, faults);
    return index ? std::optional<T>(values[*index]) : std::nullopt;
  };
  return kind;
}

inline constexpr std::size_t k_max_text = 1000;

template <class T>
[[nodiscard]] Kind<T> word(std::initializer_list<std::pair<std::string_view, T>> pairs) {
  return word<T>(std::span<const std::pair<std::string_view, T>>(pairs.begin(), pairs.size()));
}

struct Range {
  double min = 0;
  double max = 0;
  std::optional<double> live_max{};  ///< lower, unless the base_url is a loopback address
};

[[nodiscard]] Kind<bool> boolean();
[[nodiscard]] Kind<double> number(Range range);
[[nodiscard]] Kind<std::int64_t> whole_number(Range range);
/// Not empty, without control characters, at most `max` bytes.
[[nodiscard]] Kind<std::string> text(std::size_t max = k_max_text);
[[nodiscard]] Kind<std::chrono::seconds> duration(std::chrono::seconds min, std::chrono::seconds max);
[[nodiscard]] Kind<std::string> email_text();  ///< an e-mail address, kept as written
[[nodiscard]] Kind<PersonKey> email();
[[nodiscard]] Kind<BranchId> glofox_id();
[[nodiscard]] Kind<std::string> base_url();
[[nodiscard]] Kind<std::string> absolute_path();
[[nodiscard]] Kind<SecretSetting> secret();
[[nodiscard]] Kind<PlanFilter> any_or_texts(ListRules rules);  ///< "any", or a list of texts

/// The same kind of value, kept as another type.
template <class To, class From, class Out, class Back>
[[nodiscard]] Kind<To> as(Kind<From> kind, Out out, Back back) {
  return {[read = std::move(kind.read), out](const Node& node, const std::string& path,
                                             Faults& faults) -> std::optional<To> {
            auto value = read(node, path, faults);
            return value ? std::optional<To>(out(*std::move(value))) : std::nullopt;
          },
          [write = std::move(kind.write), back](const To& value) { return write(back(value)); },
          std::move(kind.shape)};
}

/// A whole number in another integer type; the range must fit it.
template <class T>
[[nodiscard]] Kind<T> whole(Range range) {
  return as<T>(
      whole_number(range), [](std::int64_t value) { return static_cast<T>(value); },
      [](const T& value) { return static_cast<std::int64_t>(value); });
}

/// A Kisi id.
template <class Id>
[[nodiscard]] Kind<Id> kisi_id() {
  constexpr double k_max_id = 9e15;  // whole numbers stay exact in every JSON library
  Kind<Id> kind = as<Id>(
      whole_number({1, k_max_id}), [](std::int64_t value) { return Id{value}; },
      [](const Id& id) { return id.value(); });
  kind.shape = {.words = "Kisi id", .schema = R"("$ref": "#/$defs/id")"};
  return kind;
}

}  // namespace gk::config

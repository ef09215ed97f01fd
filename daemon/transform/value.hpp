// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kms_secretd::transform {

/// What a value is, in words of JSON.
enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

/// "null", "boolean", ...: as JMESPath's type() names it.
[[nodiscard]] char const* nameOf(Kind kind) noexcept;

/// A JSON or YAML value that forgets nothing it was read with: numbers and truth values keep their
/// text, objects the order of their members. Immutable once made, so that copies share what is
/// inside; a copy may be used by another thread. Its memory is wiped when it is freed, as all of
/// the process (platform/wiping_new).
class Value {
 public:
  struct Member;
  using Array = std::vector<Value>;
  using Object = std::vector<Member>;

  /// null.
  Value() = default;
  /// `written` is how the source wrote it: "true", or "True" in YAML.
  [[nodiscard]] static Value boolean(bool truth, std::string written);
  [[nodiscard]] static Value boolean(bool truth);
  /// `written` must be a number of JSON or of YAML's core schema, see number.hpp.
  [[nodiscard]] static Value number(std::string written);
  [[nodiscard]] static Value string(std::string text);
  [[nodiscard]] static Value array(Array elements);
  /// The names must be unique; the readers see to that.
  [[nodiscard]] static Value object(Object members);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is(Kind kind) const noexcept { return kind_ == kind; }
  /// The bytes of a string, or the text of a number, a truth value or null as it was written. Only
  /// for these.
  [[nodiscard]] std::string const& text() const { return std::get<std::string>(content_); }
  /// Only for booleans.
  [[nodiscard]] bool truth() const noexcept { return truth_; }
  /// The nearest double; only for numbers.
  [[nodiscard]] double asDouble() const;
  /// Only for arrays.
  [[nodiscard]] Array const& elements() const;
  /// Only for objects.
  [[nodiscard]] Object const& members() const;
  /// The member of an object; null where there is none or this is no object.
  [[nodiscard]] Value const* find(std::string_view name) const noexcept;

  /// Equal in JMESPath's sense: numbers by value, objects whatever the order of their members.
  friend bool operator==(Value const& a, Value const& b);

 private:
  using Content =
      std::variant<std::string, std::shared_ptr<Array const>, std::shared_ptr<Object const>>;
  Value(Kind kind, bool truth, Content content)
      : content_(std::move(content)), kind_(kind), truth_(truth) {}

  Content content_{std::string("null")};
  Kind kind_ = Kind::null;
  bool truth_ = false;
};

struct Value::Member {
  std::string name{};
  Value value{};
};

/// The value as compact JSON, members in their order, numbers as written (those that only YAML
/// knows in decimal). No newline.
[[nodiscard]] std::string toJson(Value const& value);

/// The value as YAML in block style; numbers and truth values as written, strings in quotes where
/// they could be taken for something else. No newline at the end.
[[nodiscard]] std::string toYaml(Value const& value);

}  // namespace kms_secretd::transform

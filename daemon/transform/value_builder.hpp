// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "transform/document.hpp"
#include "transform/value.hpp"

namespace kms_secretd::transform {

/// A finished value with what it costs.
struct BuiltValue {
  Value value{};
  std::size_t nodes = 1;  ///< itself and all inside, aliases followed
  std::size_t depth = 0;  ///< levels of arrays and objects
};

/// Puts the events of a parser together to one value, within the limits of document.hpp. Each
/// method returns why it refuses, or null. Not thread-safe.
class ValueBuilder {
 public:
  using Refusal = char const*;

  /// Opens an array or an object; closed by end().
  [[nodiscard]] Refusal begin(bool object);
  /// The name of the next member.
  [[nodiscard]] Refusal name(std::string name);
  /// Instead of a name: the members of the next value (an object, or an array of objects) join the
  /// open object when it ends, where it has none of that name.
  [[nodiscard]] Refusal mergeNext();
  /// A scalar, or a value that was built before.
  [[nodiscard]] Refusal add(BuiltValue value);
  [[nodiscard]] Refusal end();

  /// True inside of an object where a name is due.
  [[nodiscard]] bool wantsName() const noexcept;
  /// True if no array or object is open.
  [[nodiscard]] bool atTop() const noexcept { return frames_.empty(); }
  /// What was built last at the place where the builder stands: just ended, or added.
  [[nodiscard]] BuiltValue const& last() const noexcept { return last_; }

 private:
  struct Frame {
    bool object = false;
    Value::Array elements{};
    Value::Object members{};
    std::unordered_set<std::string> names{};  // of the members, once there are many
    std::vector<Value> merged{};
    std::optional<std::string> name{};
    bool merges = false;  // the next value is merged
    bool hasMerged = false;
    std::size_t nodes = 1;
    std::size_t depth = 1;
  };

  Refusal charge(std::size_t nodes);
  Refusal place(BuiltValue value);
  static bool has(Frame& frame, std::string const& name);
  static Refusal placeIn(Frame& frame, Value const& value);
  static void mergeInto(Frame& frame, Value const& source);

  std::vector<Frame> frames_{};
  BuiltValue last_{};
  std::size_t nodes_ = 0;
};

}  // namespace kms_secretd::transform

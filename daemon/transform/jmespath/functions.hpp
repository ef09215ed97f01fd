// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "transform/jmespath/tree.hpp"
#include "transform/value.hpp"

namespace kms_secretd::transform::jmespath {

/// A value, or an expression (&a) that the function evaluates on values of its choice.
using Argument = std::variant<Value, Node const*>;

/// What a function sees of its call.
struct Call {
  std::vector<Argument> const& arguments;
  std::size_t offset;  ///< of the function's name
  /// Evaluates an expression on a value.
  std::function<Value(Node const&, Value const&)> const& evaluate;
  /// Accounts for what the function makes, in values or 16 bytes of text. Throws Fault.
  std::function<void(std::size_t)> const& charge;

  /// The argument as a value; only where the function's signature says so.
  [[nodiscard]] Value const& value(std::size_t i) const { return std::get<Value>(arguments[i]); }
  [[nodiscard]] Node const& expression(std::size_t i) const {
    return *std::get<Node const*>(arguments[i]);
  }
};

/// The number of a function; nothing if there is none of that name.
[[nodiscard]] std::optional<std::size_t> findFunction(std::string_view name);
/// Why it cannot be called with so many arguments; nothing if it can.
[[nodiscard]] std::optional<std::string> arityFault(std::size_t function, std::size_t arguments);
/// The names of all functions.
[[nodiscard]] std::vector<std::string> functionNames();
/// Checks the types of the arguments and calls. Throws Fault.
[[nodiscard]] Value callFunction(std::size_t function, Call const& call);

}  // namespace kms_secretd::transform::jmespath

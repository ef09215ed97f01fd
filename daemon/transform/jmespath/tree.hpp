// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transform/value.hpp"

namespace kms_secretd::transform::jmespath {

/// What a node does with the current value; children in brackets.
enum class NodeKind : std::uint8_t {
  current,           ///< @
  literal,           ///< its literal
  field,             ///< the member `text`
  index,             ///< the element `bounds[0]`
  slice,             ///< start, stop, step
  chain,             ///< [a, b]: b of a
  pipe,              ///< [a, b]: likewise, and ends projections
  flatten,           ///< [a]: one level of a's arrays
  array_projection,  ///< [a, b]: b of each element of a
  value_projection,  ///< [a, b]: b of each member's value of a
  filter,            ///< [a, b, condition]: b of each element of a that fits
  multi_list,        ///< [a, ...]
  multi_hash,        ///< [a, ...] under `names`
  logical_or,
  logical_and,
  logical_not,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  call,        ///< the function `function` with its arguments
  expression,  ///< [a]: &a, an argument that the function itself evaluates
};

/// One node of a compiled expression, with its children.
struct Node {
  NodeKind kind = NodeKind::current;
  std::size_t offset = 0;  ///< in the expression
  std::string text{};
  Value literal{};
  std::array<std::optional<std::int64_t>, 3> bounds{};
  std::vector<std::string> names{};
  std::size_t function = 0;  ///< its number, see functions.hpp
  std::vector<Node> children{};
  std::size_t depth = 1;  ///< of the tree from here
};

inline constexpr std::size_t maxExpressionBytes = 8'192;
inline constexpr std::size_t maxTreeDepth = 200;

/// Reads an expression. Throws Fault: for syntax, and for what is wrong whatever the value is
/// (unknown functions, wrong numbers of arguments).
[[nodiscard]] Node parse(std::string_view expression);

}  // namespace kms_secretd::transform::jmespath

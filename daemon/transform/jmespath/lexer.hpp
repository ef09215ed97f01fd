// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "transform/value.hpp"

namespace kms_secretd::transform::jmespath {

/// What a token is; those without content are named by what they look like.
enum class TokenKind : std::uint8_t {
  end,
  identifier,
  quoted_identifier,
  literal,
  number,
  dot,
  star,
  left_bracket,
  right_bracket,
  flatten,  ///< []
  filter,   ///< [?
  left_brace,
  right_brace,
  left_parenthesis,
  right_parenthesis,
  comma,
  colon,
  current,     ///< @
  expression,  ///< &
  pipe,
  logical_or,
  logical_and,
  logical_not,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
};

/// One token with its place.
struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t offset = 0;
  std::string text{};  ///< as written, decoded for identifiers
  Value literal{};     ///< of a literal
};

/// Cuts an expression into tokens; the last one is `end`. Throws Fault.
[[nodiscard]] std::vector<Token> tokensOf(std::string_view expression);

}  // namespace kms_secretd::transform::jmespath

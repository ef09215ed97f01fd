// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace kms_secretd::transform::jmespath {

/// The kinds of JMESPath's specification, and one of ours.
enum class FaultKind : std::uint8_t {
  syntax,
  unknown_function,
  invalid_arity,
  invalid_type,   ///< an argument of a function has a type that it does not take
  invalid_value,  ///< a slice with step 0, a number beyond all bounds
  limit,          ///< the expression makes more than it may
};

/// "syntax", "invalid-type", ...: as the specification writes them.
[[nodiscard]] char const* nameOf(FaultKind kind) noexcept;

/// Why an expression is none, or has no result; thrown inside of this directory only.
struct Fault {
  FaultKind kind = FaultKind::syntax;
  std::size_t offset = 0;  ///< in bytes, from the start of the expression
  std::string message{};   ///< never repeats the value that was searched
};

}  // namespace kms_secretd::transform::jmespath

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "transform/jmespath/functions.hpp"

namespace kms_secretd::transform::jmespath {

/// Sets of argument types; the first six are Kind's.
inline constexpr unsigned nulls = 1U << 0U;
inline constexpr unsigned booleans = 1U << 1U;
inline constexpr unsigned numbers = 1U << 2U;
inline constexpr unsigned strings = 1U << 3U;
inline constexpr unsigned arrays = 1U << 4U;
inline constexpr unsigned objects = 1U << 5U;
inline constexpr unsigned numberArrays = 1U << 6U;
inline constexpr unsigned stringArrays = 1U << 7U;
inline constexpr unsigned expressions = 1U << 8U;
inline constexpr unsigned anything = nulls | booleans | numbers | strings | arrays | objects;

/// One function of the specification.
struct Function {
  char const* name;
  std::size_t parameters;  ///< of which the last may be repeated, if variadic
  bool variadic;
  std::array<unsigned, 2> types;
  Value (*run)(Call const&);
};

/// All functions, by name.
[[nodiscard]] std::span<Function const> functionTable() noexcept;

// The functions that order or fold arrays; the others stand in function_table.cpp.
[[nodiscard]] Value runAvg(Call const& call);
[[nodiscard]] Value runSum(Call const& call);
[[nodiscard]] Value runMax(Call const& call);
[[nodiscard]] Value runMin(Call const& call);
[[nodiscard]] Value runMaxBy(Call const& call);
[[nodiscard]] Value runMinBy(Call const& call);
[[nodiscard]] Value runSort(Call const& call);
[[nodiscard]] Value runSortBy(Call const& call);

/// A computed number as a value. Throws Fault (invalid_value) where it is not finite.
[[nodiscard]] Value computed(double number, Call const& call);

}  // namespace kms_secretd::transform::jmespath

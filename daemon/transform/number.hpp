// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Numbers as text: what was read is written again as it was, and only what is computed is a
/// double. Pure; any thread.
namespace kms_secretd::transform {

/// True for a number of JSON's grammar (RFC 8259).
[[nodiscard]] bool isJsonNumber(std::string_view text) noexcept;
/// True for a finite number of YAML 1.2's core schema: also "+1", "007", "0o17", "0x1f", ".5",
/// "5.". Octal and hexadecimal ones beyond 64 bits are none.
[[nodiscard]] bool isYamlNumber(std::string_view text) noexcept;

/// The number as JSON writes it: `written` itself where it is JSON, else the same value in decimal
/// ("007" -> "7"). `written` must be one of the two above.
[[nodiscard]] std::string jsonNumber(std::string_view written);

/// The nearest double; infinite beyond its range.
[[nodiscard]] double toDouble(std::string_view written);
/// The value as a whole number, where it is written as one and has 64 bits.
[[nodiscard]] std::optional<std::int64_t> toInteger(std::string_view written);

/// Compares the exact values, however long or large: no rounding.
[[nodiscard]] std::strong_ordering compareNumbers(std::string_view a, std::string_view b);

/// The shortest JSON text that reads back as the same double; no exponent from 1e-7 up to 1e21.
/// `number` is finite.
[[nodiscard]] std::string shortest(double number);

}  // namespace kms_secretd::transform

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kms_secretd::config {

/// A place in a text, from 1; columns count characters.
struct TextPosition {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// Where a TOML text first nests deeper than any valid configuration: more than 16 brackets or a
/// key of more than 16 parts. The TOML parser bounds brackets only; a key of a million parts would
/// exhaust the stack when its tree is freed.
[[nodiscard]] std::optional<TextPosition> nestsTooDeep(std::string_view text) noexcept;

}  // namespace kms_secretd::config

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include <kms-secretd/options.hpp>

#include "backends/refusal.hpp"

namespace kms_secretd::backends {

inline constexpr std::size_t maxOptionsPerTable = 64;
inline constexpr std::size_t maxOptionDepth = 4;  ///< tables within tables, the store's own first
inline constexpr std::size_t maxOptionsInAll = 512;

/// A table of options as a descriptor declares it; `count` is not trusted.
struct OptionTable {
  sdk::OptionDeclaration const* options = nullptr;
  std::size_t count = 0;
};

/// Checks a plugin's declared options, nested ones too: the configuration is validated by them, so
/// that a wrong one must not get that far. Refuses null pointers, tables over the caps, names that
/// are no TOML key or stand twice, unknown types, choices and members where they do not belong or
/// are missing, and defaults that their type cannot hold. Any thread.
[[nodiscard]] Check checkOptions(OptionTable const& table);

}  // namespace kms_secretd::backends

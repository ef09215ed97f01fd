// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <kms-secretd/clock.hpp>

#include "core/names.hpp"

namespace kms_secretd::schedule {

/// A stable 64-bit hash (FNV-1a with a final mix): phases survive restarts and are equal on every
/// node.
[[nodiscard]] std::uint64_t stableHash(std::string_view text) noexcept;

/// Where in its interval a read belongs, [0, interval): spreads polls evenly (rules 4).
[[nodiscard]] sdk::Milliseconds phaseOf(core::SourceRef const& first,
                                        sdk::Milliseconds interval) noexcept;

/// The first moment at or after `from` that lies on `phase` of `interval`.
[[nodiscard]] sdk::BootTime nextOnPhase(sdk::BootTime from, sdk::Milliseconds phase,
                                        sdk::Milliseconds interval) noexcept;

}  // namespace kms_secretd::schedule

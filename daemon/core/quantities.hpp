// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::core {

/// "250ms", "120s", "5m", "1h30m", "7d": units in falling order, each at most once, whole numbers,
/// at most ten years. Nothing if it is anything else.
[[nodiscard]] std::optional<sdk::Milliseconds> parseDuration(std::string_view text);

/// As parseDuration reads it, in the largest units that fit: "1h30m".
[[nodiscard]] std::string durationText(sdk::Milliseconds duration);

/// "1024", "512KiB", "1MiB", "2GiB" in bytes, at most 1 EiB. Nothing if it is anything else.
[[nodiscard]] std::optional<std::int64_t> parseSize(std::string_view text);

}  // namespace kms_secretd::core

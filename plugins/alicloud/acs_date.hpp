// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::alicloud {

/// `time` cut to seconds as `2026-09-01T08:00:00Z`, the form of `x-acs-date` (KMS protocol, V3
/// signing).
[[nodiscard]] std::string acsDate(sdk::WallTime time);

/// Reads what acsDate() writes, the form of every Expiration (KMS protocol, refresh conventions).
/// Nothing on any other text or an impossible date.
[[nodiscard]] std::optional<sdk::WallTime> parseAcsDate(std::string_view text) noexcept;

/// `time` cut to seconds as `Tue, 01 Sep 2026 08:00:00 GMT`, the form of the Date field (RFC 7231,
/// IMF-fixdate).
[[nodiscard]] std::string httpDate(sdk::WallTime time);

/// Reads a reply's Date field, `Tue, 01 Sep 2026 08:00:00 GMT` (RFC 7231, IMF-fixdate). Nothing on
/// any other text: the two obsolete forms of the RFC are sent by no gateway, and a wrong date would
/// shift every later signature.
[[nodiscard]] std::optional<sdk::WallTime> parseServerDate(std::string_view text) noexcept;

}  // namespace kms_secretd::alicloud

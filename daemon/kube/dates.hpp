// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::kube {

/// Reads an HTTP date in its preferred form, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
[[nodiscard]] std::optional<sdk::WallTime> parseHttpDate(std::string_view text);

/// Reads "2026-11-24T01:34:13Z", with or without a fraction of a second (metav1.Time).
[[nodiscard]] std::optional<sdk::WallTime> parseRfc3339(std::string_view text);

/// "2026-11-27T08:49:37Z", as metav1.Time is written; parts of a second are left out.
[[nodiscard]] std::string rfc3339(sdk::WallTime time);

}  // namespace kms_secretd::kube

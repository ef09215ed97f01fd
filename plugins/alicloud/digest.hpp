// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace kms_secretd::alicloud {

/// `bytes` as lower-case hex digits.
[[nodiscard]] std::string lowerHex(std::string_view bytes);

/// SHA-256 of `data` as 64 lower-case hex digits. Throws std::runtime_error if OpenSSL has none.
[[nodiscard]] std::string sha256Hex(std::string_view data);

/// HMAC-SHA256 of `data` under `key` as 64 lower-case hex digits. Throws std::runtime_error if
/// OpenSSL fails.
[[nodiscard]] std::string hmacSha256Hex(std::string_view key, std::string_view data);

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace kms_secretd::emulator {

/// Lower-case hexadecimal SHA-256.
std::string sha256Hex(std::string_view bytes);
/// Lower-case hexadecimal HMAC-SHA256 (V3 signing).
std::string hmacSha256Hex(std::string_view key, std::string_view bytes);
/// Standard base64 of HMAC-SHA1 (V1 signing).
std::string hmacSha1Base64(std::string_view key, std::string_view bytes);
/// `count` random bytes, hexadecimal.
std::string randomHex(std::size_t count);
/// A random UUID, the shape of the service's request ids.
std::string randomUuid();

}  // namespace kms_secretd::emulator

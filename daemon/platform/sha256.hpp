// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace kms_secretd::platform {

/// SHA-256 in lower-case hexadecimal, for definitions and other texts without secrets. Any thread.
/// Throws std::runtime_error only if OpenSSL is out of memory.
[[nodiscard]] std::string sha256Hex(std::string_view text);

}  // namespace kms_secretd::platform

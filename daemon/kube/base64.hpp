// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::kube {

/// Number of characters that `size` bytes become, padding included.
[[nodiscard]] constexpr std::size_t base64Size(std::size_t size) noexcept {
  return (size + 2) / 3 * 4;
}

/// Appends `bytes` in the standard alphabet with padding, straight into `out`: no other copy.
void appendBase64(sdk::SecretBytes& out, std::string_view bytes);

/// The bytes of `text` (standard alphabet, padded; line breaks and blanks are skipped, as Go's
/// decoder skips line breaks), or nothing where it is not base64.
[[nodiscard]] std::optional<sdk::SecretBytes> decodeBase64(std::string_view text);

}  // namespace kms_secretd::kube

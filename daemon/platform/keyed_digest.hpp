// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <openssl/types.h>

namespace kms_secretd::platform {

/// HMAC-SHA256 under a random key that is made at construction and lives only in this object: its
/// digests say "equal" to this process and tell nothing to anyone else. Any thread.
class KeyedDigest {
 public:
  using Value = std::array<std::uint8_t, 32>;

  /// Throws std::runtime_error if the system has no randomness (cannot start).
  KeyedDigest();

  /// The digest of the parts in order. Each part counts with its length: {"ab","c"} and {"a","bc"}
  /// differ. Throws std::runtime_error only if OpenSSL is out of memory.
  [[nodiscard]] Value of(std::span<std::string_view const> parts) const;
  /// The digest of one part.
  [[nodiscard]] Value of(std::string_view part) const { return of(std::span(&part, 1)); }

 private:
  std::unique_ptr<EVP_MAC_CTX, void (*)(EVP_MAC_CTX*)> keyed_;  // copied for each digest
};

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kms_secretd::kms_instance_endpoint {

/// RC2 (RFC 2268), decryption only. It protects nothing here: the console encrypts the public
/// certificate in a client key with it, and OpenSSL 3 no longer has it without its legacy provider.
class Rc2 {
 public:
  using Block = std::array<std::uint8_t, 8>;

  /// `key` has 1 to 128 bytes; `effectiveBits` (1 to 1024) is what of it counts.
  Rc2(std::string_view key, unsigned effectiveBits);

  /// One block.
  [[nodiscard]] Block decrypt(Block const& block) const noexcept;

 private:
  std::array<std::uint16_t, 64> words_{};
};

/// Decrypts CBC with PKCS#7 padding; nothing if length or padding are wrong.
[[nodiscard]] std::optional<std::string> decryptRc2Cbc(Rc2 const& cipher, Rc2::Block iv,
                                                       std::string_view text);

}  // namespace kms_secretd::kms_instance_endpoint

// SPDX-License-Identifier: Apache-2.0
#include "platform/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace kms_secretd::platform {

std::string sha256Hex(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL could not compute SHA-256: out of memory?");
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * digest.size());
  for (unsigned char const byte : digest) {
    hex += digits[byte >> 4];
    hex += digits[byte & 0x0f];
  }
  return hex;
}

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#include "alicloud/digest.hpp"

#include <array>
#include <limits>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace kms_secretd::alicloud {
namespace {

using Block = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string hexOf(Block const& block, unsigned int size) {
  return lowerHex({reinterpret_cast<char const*>(block.data()), size});
}

unsigned char const* bytesOf(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

}  // namespace

std::string lowerHex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (char const c : bytes) {
    auto const byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4U];
    out += digits[byte & 0xFU];
  }
  return out;
}

std::string sha256Hex(std::string_view data) {
  Block block{};
  unsigned int size = 0;
  if (EVP_Digest(data.data(), data.size(), block.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL could not compute a SHA-256");
  }
  return hexOf(block, size);
}

std::string hmacSha256Hex(std::string_view key, std::string_view data) {
  if (key.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw std::runtime_error("the key of a signature is too long");
  }
  // HMAC() takes a null key for "as before"; an empty key must not become one.
  auto const* keyBytes = key.empty() ? bytesOf("") : bytesOf(key);
  Block block{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), keyBytes, static_cast<int>(key.size()), bytesOf(data), data.size(),
           block.data(), &size) == nullptr) {
    throw std::runtime_error("OpenSSL could not compute an HMAC-SHA256");
  }
  return hexOf(block, size);
}

}  // namespace kms_secretd::alicloud

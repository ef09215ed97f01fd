// SPDX-License-Identifier: Apache-2.0
#include "emulator/sign/digest.hpp"

#include <span>
#include <stdexcept>
#include <vector>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace kms_secretd::emulator {
namespace {

using Bytes = std::vector<unsigned char>;

std::string hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Bytes hmac(const EVP_MD* kind, std::string_view key, std::string_view bytes) {
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned int length = 0;
  if (HMAC(kind, key.data(), static_cast<int>(key.size()), raw(bytes), bytes.size(), out.data(),
           &length) == nullptr) {
    throw std::runtime_error("emulator: OpenSSL cannot compute an HMAC");
  }
  out.resize(length);
  return out;
}

}  // namespace

std::string sha256Hex(std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out, &length, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("emulator: OpenSSL cannot compute SHA-256");
  }
  return hex({out, length});
}

std::string hmacSha256Hex(std::string_view key, std::string_view bytes) {
  return hex(hmac(EVP_sha256(), key, bytes));
}

std::string hmacSha1Base64(std::string_view key, std::string_view bytes) {
  const Bytes mac = hmac(EVP_sha1(), key, bytes);
  unsigned char text[64];
  const int length = EVP_EncodeBlock(text, mac.data(), static_cast<int>(mac.size()));
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)};
}

std::string randomHex(std::size_t count) {
  Bytes bytes(count);
  if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) {
    throw std::runtime_error("emulator: OpenSSL has no random bytes");
  }
  return hex(bytes);
}

std::string randomUuid() {
  std::string text = randomHex(16);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  return text;
}

}  // namespace kms_secretd::emulator

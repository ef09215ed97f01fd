// SPDX-License-Identifier: Apache-2.0
#include "platform/keyed_digest.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <memory>
#include <stdexcept>
#include <string>

#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::platform {
namespace {

constexpr std::size_t keySize = 32;

using Mac = std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, void (*)(EVP_MAC_CTX*)>;

void require(bool ok) {
  if (!ok) throw std::runtime_error("OpenSSL could not compute a digest: out of memory?");
}

unsigned char const* bytesOf(std::string_view text) noexcept {
  return reinterpret_cast<unsigned char const*>(text.data());
}

MacContext begin(std::string_view key) {
  Mac const mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr), &EVP_MAC_free);
  require(mac != nullptr);
  MacContext context(EVP_MAC_CTX_new(mac.get()), &EVP_MAC_CTX_free);
  require(context != nullptr);
  std::string hash = "SHA256";
  OSSL_PARAM const parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash.data(), 0),
      OSSL_PARAM_construct_end()};
  require(EVP_MAC_init(context.get(), bytesOf(key), key.size(), parameters) == 1);
  return context;
}

void add(EVP_MAC_CTX* context, std::string_view part) {
  std::array<unsigned char, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i) {
    length[i] = static_cast<unsigned char>(part.size() >> (8 * i));
  }
  require(EVP_MAC_update(context, length.data(), length.size()) == 1);
  require(EVP_MAC_update(context, bytesOf(part), part.size()) == 1);
}

MacContext beginUnderFreshKey() {
  sdk::SecretBytes key;
  key.resize(keySize);
  auto* const bytes = reinterpret_cast<unsigned char*>(key.writable());
  if (RAND_priv_bytes(bytes, static_cast<int>(keySize)) != 1) {
    throw std::runtime_error("the system gave no randomness for the process key");
  }
  return begin(key.reveal());
}

}  // namespace

KeyedDigest::KeyedDigest() : keyed_(beginUnderFreshKey()) {}

KeyedDigest::Value KeyedDigest::of(std::span<std::string_view const> parts) const {
  MacContext const context(EVP_MAC_CTX_dup(keyed_.get()), &EVP_MAC_CTX_free);
  require(context != nullptr);
  for (auto const part : parts) add(context.get(), part);
  Value value{};
  std::size_t size = 0;
  require(EVP_MAC_final(context.get(), value.data(), &size, value.size()) == 1);
  require(size == value.size());
  return value;
}

}  // namespace kms_secretd::platform

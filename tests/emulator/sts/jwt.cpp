// SPDX-License-Identifier: Apache-2.0
#include "emulator/sts/jwt.hpp"

#include <algorithm>
#include <memory>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "emulator/sign/encoding.hpp"

namespace kms_secretd::emulator {
namespace {

namespace json = boost::json;

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<&EVP_PKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<&BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<&OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<&OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<&EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<&EVP_MD_CTX_free>>;

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

int valueOf(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : -1;
}

// base64url without padding (RFC 7515).
std::optional<std::string> decode(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = valueOf(c);
    if (value < 0) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xFFU);
  }
  return out;
}

std::string textOf(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

std::int64_t numberOf(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return 0;
  if (value->is_int64()) return value->as_int64();
  return value->is_double() ? static_cast<std::int64_t>(value->as_double()) : 0;
}

std::vector<std::string> audiencesOf(const json::object& object) {
  const auto* value = object.if_contains("aud");
  if (value == nullptr) return {};
  if (value->is_string()) return {std::string(value->as_string())};
  std::vector<std::string> out;
  if (!value->is_array()) return out;
  for (const auto& each : value->as_array()) {
    if (each.is_string()) out.emplace_back(each.as_string());
  }
  return out;
}

std::optional<json::object> objectIn(std::string_view encoded) {
  const auto text = decode(encoded);
  if (!text) return std::nullopt;
  boost::system::error_code error;
  const auto value = json::parse(*text, error);
  if (error || !value.is_object()) return std::nullopt;
  return value.as_object();
}

Key publicKey(const RsaKey& key) {
  const Number n(BN_bin2bn(raw(key.modulus), static_cast<int>(key.modulus.size()), nullptr));
  const Number e(BN_bin2bn(raw(key.exponent), static_cast<int>(key.exponent.size()), nullptr));
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* made = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return Key(made);
}

bool verifies(const Token& token, const RsaKey& key) {
  const Key made = publicKey(key);
  const DigestContext context(EVP_MD_CTX_new());
  return made &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, made.get()) == 1 &&
         EVP_DigestVerify(context.get(), raw(token.signature), token.signature.size(),
                          raw(token.signedPart), token.signedPart.size()) == 1;
}

}  // namespace

std::vector<RsaKey> readJwks(const json::value& jwks) {
  std::vector<RsaKey> out;
  const auto* object = jwks.if_object();
  const auto* list = object == nullptr ? nullptr : object->if_contains("keys");
  if (list == nullptr || !list->is_array()) return out;
  for (const auto& each : list->as_array()) {
    if (!each.is_object() || textOf(each.as_object(), "kty") != "RSA") continue;
    auto modulus = decode(textOf(each.as_object(), "n"));
    auto exponent = decode(textOf(each.as_object(), "e"));
    if (modulus && exponent) out.push_back({textOf(each.as_object(), "kid"), *modulus, *exponent});
  }
  return out;
}

std::optional<Token> parseToken(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 3) return std::nullopt;
  const auto header = objectIn(parts[0]);
  const auto payload = objectIn(parts[1]);
  const auto signature = decode(parts[2]);
  if (!header || !payload || !signature) return std::nullopt;
  Token token{textOf(*header, "kid"),
              textOf(*header, "alg"),
              std::string(parts[0]) + '.' + std::string(parts[1]),
              *signature,
              {}};
  token.claims = {textOf(*payload, "iss"), textOf(*payload, "sub"), audiencesOf(*payload),
                  numberOf(*payload, "exp"), numberOf(*payload, "iat")};
  return token;
}

bool isSignedBy(const Token& token, const std::vector<RsaKey>& keys) {
  if (token.algorithm != "RS256") return false;
  return std::any_of(keys.begin(), keys.end(), [&](const RsaKey& key) {
    return (token.keyId.empty() || key.id == token.keyId) && verifies(token, key);
  });
}

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace kms_secretd::emulator {

/// An RSA public key as a JSON Web Key holds it (RFC 7517): big-endian bytes.
struct RsaKey {
  std::string id;
  std::string modulus;
  std::string exponent;
};

/// The keys of a JWKS document that can sign RS256; others are left out.
std::vector<RsaKey> readJwks(const boost::json::value& jwks);

/// The claims of a JSON Web Token that matter here.
struct Claims {
  std::string issuer;
  std::string subject;
  std::vector<std::string> audiences;
  std::int64_t expires = 0;
  std::int64_t issued = 0;
};

/// A token taken apart; nothing is verified yet.
struct Token {
  std::string keyId;
  std::string algorithm;
  std::string signedPart;  // header.payload
  std::string signature;   // bytes
  Claims claims;
};

/// Nothing where the text is no JSON Web Token.
std::optional<Token> parseToken(std::string_view text);

/// True if one of the keys made the token's RS256 signature.
bool isSignedBy(const Token& token, const std::vector<RsaKey>& keys);

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/net/http_request.hpp"

namespace kms_secretd::emulator::v3 {

inline constexpr std::string_view kAlgorithm = "ACS3-HMAC-SHA256";

/// The parts of `Authorization: ACS3-HMAC-SHA256 Credential=..,SignedHeaders=a;b,Signature=..`.
struct Authorization {
  std::string keyId;
  std::vector<std::string> signedHeaders;
  std::string signature;
};

/// Parses exactly the protocol's form: one space after the algorithm, none after the commas.
std::optional<Authorization> parseAuthorization(std::string_view header);

/// True for headers that have to be signed when they are on the wire: `x-acs-*`, `host`,
/// `content-type`.
bool mustBeSigned(std::string_view lowerName);

/// The canonical request over the named headers (KMS protocol, V3 signing). The payload hash is
/// computed from the body. Nothing if the query is not properly encoded.
std::optional<std::string> canonicalRequest(const Request& request,
                                            const std::vector<std::string>& signedHeaders);

/// `ACS3-HMAC-SHA256`, newline, hash of the canonical request.
std::string stringToSign(std::string_view canonical);

/// Lower-case hex of the signature.
std::string sign(std::string_view secret, std::string_view stringToSign);

}  // namespace kms_secretd::emulator::v3

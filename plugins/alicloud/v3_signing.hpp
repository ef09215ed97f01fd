// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/transport.hpp>

#include "alicloud/credential.hpp"

// The signature ACS3-HMAC-SHA256 (KMS protocol, "V3 signing"). Everything here is a pure function:
// date and nonce are parameters. Results hold the security token, so they are not for logs.

namespace kms_secretd::alicloud {

/// One request parameter, not encoded.
struct Parameter {
  std::string name{};
  std::string value{};
};

/// The parameters sorted by name and encoded, joined by `&`; what is signed and also what is sent.
[[nodiscard]] std::string canonicalQuery(std::vector<Parameter> parameters);

/// What a signature covers.
struct CanonicalParts {
  std::string_view method{};
  std::string_view path = "/";
  std::string_view query{};                               ///< from canonicalQuery()
  std::vector<sdk::HttpHeader> const* headers = nullptr;  ///< all of them, host included
  std::string_view payloadHash{};                         ///< the value of x-acs-content-sha256
};

/// The steps of a signature, kept apart so that each can be compared with the service's echo.
struct Canonical {
  std::string request{};
  std::string signedHeaders{};
  std::string stringToSign{};
};

/// Canonical request and string to sign. Signed are the headers named host, content-type and
/// x-acs-*, whatever their case; values are trimmed, several values of a name sorted.
[[nodiscard]] Canonical canonicalV3(CanonicalParts const& parts);

/// The signature of `stringToSign` as lower-case hex; there is no derived key.
[[nodiscard]] std::string signatureV3(std::string_view stringToSign,
                                      sdk::SecretBytes const& accessKeySecret);

/// An RPC call before it is signed.
struct RpcRequest {
  std::string method = "POST";
  std::string host{};  ///< exactly what the Host field of the request will say
  std::string action{};
  std::string version{};
  std::vector<Parameter> query{};
  std::string contentType{};  ///< only with a body
  std::string_view body{};    ///< outlives the call
};

/// What makes two signatures of one call differ.
struct SigningMoment {
  sdk::WallTime date{};
  std::string nonce{};
};

/// A request ready to be sent, but for the fields that the host adds (Host, Content-Length).
struct SignedRequest {
  std::string target{};
  std::vector<sdk::HttpHeader> headers{};
  std::string stringToSign{};  ///< to compare with the echo of a refusal
  std::string signature{};     ///< to keep it out of messages
};

/// Signs a call. A credential with a token also sends and signs x-acs-accesskey-id, as the vendor's
/// SDKs do.
[[nodiscard]] SignedRequest signV3(RpcRequest const& request, Credential const& credential,
                                   SigningMoment const& moment);

}  // namespace kms_secretd::alicloud

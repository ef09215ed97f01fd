// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/transport.hpp>

#include "kms-instance-endpoint/client_key.hpp"

// Headers and signature of the instance protocol (KMS protocol 5.2).

namespace kms_secretd::kms_instance_endpoint {

/// A call that is ready to be sent with POST to "/".
struct SignedCall {
  std::vector<sdk::HttpHeader> headers{};  ///< without Host and Content-Length, which the host adds
  std::string signature{};                 ///< base64; to keep it out of messages
};

/// What a signature covers.
struct CallFacts {
  std::string_view apiName;  ///< "GetSecretValue"
  std::string_view keyId;
  std::string_view body;
  sdk::WallTime date{};
};

/// The string to sign: method, digest, content type, date, the x-kms headers in order, and the
/// resource, which is "/" whatever the path. Throws std::runtime_error if OpenSSL has no SHA-256.
[[nodiscard]] std::string stringToSign(CallFacts const& facts);

/// Signs with RSA PKCS#1 v1.5 and SHA-256. Throws std::runtime_error if OpenSSL fails.
[[nodiscard]] SignedCall signCall(CallFacts const& facts, ClientKey const& key);

}  // namespace kms_secretd::kms_instance_endpoint

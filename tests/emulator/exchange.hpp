// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kms_secretd::emulator {

/// What one request is known to be; filled in as it is understood. Goes into the request log and
/// chooses faults. Never holds a value, a secret key, a token or a signature.
struct Exchange {
  std::string method;
  std::string operation;
  std::string secret;
  std::string accessKey;
  std::string nonce;
  std::string scheme;   // "V3", "V1", "dkms" or empty
  std::string outcome;  // "OK" or the error code
  std::string requestId;
  bool authenticated = false;
};

}  // namespace kms_secretd::emulator

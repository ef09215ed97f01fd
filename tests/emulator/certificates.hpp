// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kms_secretd::emulator {

/// What kind of server identity is wanted.
struct IdentityOrder {
  std::vector<std::string> hostNames;
  bool loopbackNames = true;  // localhost and 127.0.0.1 as well
  bool privateCa = false;     // an intermediate between, as the instances have (KMS protocol 7)
  bool sendIntermediate = true;
  long days = 730;  // negative: expired so many days ago
};

/// PEM texts of a server identity below the emulator's own CA.
struct ServerIdentity {
  std::string chain;  // the server's certificate, then the intermediate if there is one to send
  std::string key;
  std::filesystem::path caFile;            // root, then the intermediate if there is one
  std::filesystem::path intermediateFile;  // empty without one
};

/// Makes (or reuses) the CA in `stateDir` (`ca.pem`, `ca-key.pem`, owner-only key) and a new
/// server certificate, below a new intermediate (`intermediate.pem`) if the order says so. Throws
/// std::runtime_error.
ServerIdentity makeIdentity(const std::filesystem::path& stateDir, const IdentityOrder& order);

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kms_secretd::emulator {

/// PEM texts of a server identity below the emulator's own CA.
struct ServerIdentity {
  std::string chain;  // the server's certificate
  std::string key;
  std::filesystem::path caFile;
};

/// Makes (or reuses) the CA in `stateDir` (`ca.pem`, `ca-key.pem`, owner-only key) and a new
/// server certificate for localhost, 127.0.0.1 and `hostNames`. Throws std::runtime_error.
ServerIdentity makeIdentity(const std::filesystem::path& stateDir,
                            const std::vector<std::string>& hostNames);

}  // namespace kms_secretd::emulator

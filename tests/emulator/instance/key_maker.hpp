// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace kms_secretd::emulator {

/// How the PKCS#12 of a client key is encrypted. The service was seen to use the first.
enum class KeyForm {
  rc2,        // certificate: 40-bit RC2, key: 3DES, MAC: SHA-1 with one iteration
  tripleDes,  // 3DES for both
  pbes2,      // PBES2 with AES-256 for both, MAC: SHA-256
};

/// What kind of client key is wanted.
struct KeyOrder {
  std::string id;
  KeyForm form = KeyForm::rc2;
  std::string password = "Emulator*2026";
  std::int64_t notBefore = 1'735'689'600;  // 2025-01-01
  std::int64_t notAfter = 1'893'456'000;   // 2030-01-01
  int bits = 2048;                         // 0: a key on a curve, which no client may take
};

/// A client key as the console hands it out.
struct MadeKey {
  std::string json;  // the file clientKey_<id>.json
  std::string password;
  std::string certificatePem;
  std::string privateKeyPem;
};

/// Makes a key pair, a self-signed certificate for it and the file around both. Uses OpenSSL's
/// legacy provider for RC2, in a library context of its own. Throws std::runtime_error.
MadeKey makeClientKey(const KeyOrder& order);

}  // namespace kms_secretd::emulator

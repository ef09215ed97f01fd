// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/x509.h>

namespace kms_secretd::kms_instance_endpoint {

/// How often a password may be hashed to open one part of a PKCS#12. The console's files say 2048
/// and 1; a made-up count must not keep a worker busy for minutes.
inline constexpr long mostIterations = 1'000'000;

/// True if a password-based encryption (PKCS#12's own or PBES2 with PBKDF2) asks for no more than
/// that. What is of another kind is left to OpenSSL, which has bounds of its own for scrypt.
[[nodiscard]] bool isAffordable(X509_ALGOR const& algorithm);

/// True for a count of 1 to mostIterations; an absent one means 1.
[[nodiscard]] bool isAffordable(ASN1_INTEGER const* count);

}  // namespace kms_secretd::kms_instance_endpoint

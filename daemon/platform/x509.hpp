// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/x509.h>

#include <cstddef>
#include <string>
#include <string_view>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>

namespace kms_secretd::platform {

/// The end of validity (notAfter) of the first certificate in `pem`. Fails with invalid_request
/// where there is none that can be read. Any thread, as all functions here; they do not throw.
[[nodiscard]] sdk::Result<sdk::WallTime> certificateExpiry(std::string_view pem) noexcept;

/// True if the private key in `keyPem` (not encrypted) belongs to the first certificate in
/// `certificatePem`. Fails with invalid_request where either cannot be read; the message says which
/// and shows neither.
[[nodiscard]] sdk::Result<bool> keyMatchesCertificate(std::string_view certificatePem,
                                                      std::string_view keyPem) noexcept;

/// Follows the certificates in `pem` from the first on: 0 if each was issued by the one behind it,
/// else the number (from 1) of the first that was not. Fails with invalid_request where there is
/// none that can be read.
[[nodiscard]] sdk::Result<std::size_t> brokenChainLink(std::string_view pem) noexcept;

/// The host names and addresses that a certificate is valid for, with commas between; its common
/// name where it lists none.
[[nodiscard]] std::string namesOf(X509* certificate);

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <kms-secretd/failure.hpp>
#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::platform {

/// A new private key (P-256, PKCS#8) as PEM. Fails with internal where the library cannot. Any
/// thread, as all functions here; they do not throw.
[[nodiscard]] sdk::Result<sdk::SecretBytes> newPrivateKey() noexcept;

/// A request (PKCS#10, PEM) for a certificate of `commonName` and the key in `keyPem`. Fails with
/// invalid_request where the key cannot be read or the name is none; never shows the key.
[[nodiscard]] sdk::Result<std::string> certificateRequest(std::string_view keyPem,
                                                          std::string const& commonName) noexcept;

/// SHA-256 of the public half of the key in `keyPem`, hex: names the key, tells nothing of it.
[[nodiscard]] sdk::Result<std::string> publicKeyDigest(std::string_view keyPem) noexcept;

}  // namespace kms_secretd::platform

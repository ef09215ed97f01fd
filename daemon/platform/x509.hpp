// SPDX-License-Identifier: Apache-2.0
#pragma once

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

}  // namespace kms_secretd::platform

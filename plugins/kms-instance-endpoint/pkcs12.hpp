// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "kms-instance-endpoint/client_key.hpp"

namespace kms_secretd::kms_instance_endpoint {

/// What a PKCS#12 file held.
struct OpenedPkcs12 {
  KeyPtr key{};
  CertificatePtr certificate{};  ///< the one of the key; null if there is none that can be read
};

/// Opens a PKCS#12 (RFC 7292) in DER. PKCS12_parse() of OpenSSL 3 refuses the console's files,
/// because their certificate safe is encrypted with RC2 under a 40-bit key, which only the "legacy"
/// provider knows; this walks to the bags itself and needs no such provider. The key bag may be
/// 3DES or PBES2. Throws ClientKeyError for what is no PKCS#12, a wrong password, or no key in it.
[[nodiscard]] OpenedPkcs12 openPkcs12(std::string_view der, std::string_view password);

}  // namespace kms_secretd::kms_instance_endpoint

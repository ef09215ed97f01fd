// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

namespace kms_secretd::kms_instance_endpoint {

struct FreeBags {
  void operator()(STACK_OF(PKCS12_SAFEBAG) * bags) const noexcept {
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
  }
};
using BagsPtr = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), FreeBags>;

/// Opens a safe that is encrypted with pbeWithSHAAnd40BitRC2-CBC or pbeWithSHAAnd128BitRC2-CBC
/// (RFC 7292, appendix C); null for any other scheme and where anything is wrong. `safe` is of type
/// encryptedData.
[[nodiscard]] BagsPtr unpackRc2(PKCS7 const& safe, std::string_view password);

}  // namespace kms_secretd::kms_instance_endpoint

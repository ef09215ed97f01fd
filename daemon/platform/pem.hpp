// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/failure.hpp>

namespace kms_secretd::platform {

/// Frees OpenSSL's objects.
struct OpensslDelete {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Certificate = std::unique_ptr<X509, OpensslDelete>;
using PrivateKey = std::unique_ptr<EVP_PKEY, OpensslDelete>;

/// All certificates in `pem`, at least one; other blocks are skipped. Fails with invalid_request;
/// the message counts the certificates and shows none. Any thread, as all functions here.
[[nodiscard]] sdk::Result<std::vector<Certificate>> readCertificates(std::string_view pem);

/// The private key in `pem`; never asks for a pass phrase. Fails with invalid_request.
[[nodiscard]] sdk::Result<PrivateKey> readPrivateKey(std::string_view pem);

/// The reason of the oldest error in this thread's OpenSSL queue, which it empties; never empty.
[[nodiscard]] std::string takeOpensslReason();

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#include "platform/x509.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <string>

#include "platform/pem.hpp"

namespace kms_secretd::platform {
namespace {

sdk::Failure unreadable(char const* what, std::string const& why) {
  return {.kind = sdk::FailureKind::invalid_request,
          .code = {},
          .message = std::string("the ") + what + " cannot be read: " + why};
}

}  // namespace

sdk::Result<sdk::WallTime> certificateExpiry(std::string_view pem) noexcept {
  auto const certificates = readCertificates(pem);
  if (!certificates) return certificates.failure();
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificates.value().front().get()), &end) != 1) {
    return unreadable("certificate's end of validity", "not a time");
  }
  return sdk::WallTime(std::chrono::seconds(::timegm(&end)));
}

sdk::Result<bool> keyMatchesCertificate(std::string_view certificatePem,
                                        std::string_view keyPem) noexcept {
  auto const certificates = readCertificates(certificatePem);
  if (!certificates) return certificates.failure();
  auto const key = readPrivateKey(keyPem);
  if (!key) return key.failure();
  return X509_check_private_key(certificates.value().front().get(), key.value().get()) == 1;
}

sdk::Result<std::size_t> brokenChainLink(std::string_view pem) noexcept {
  auto const certificates = readCertificates(pem);
  if (!certificates) return certificates.failure();
  auto const& chain = certificates.value();
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    auto* const issuer = chain[i + 1].get();
    bool const named = X509_check_issued(issuer, chain[i].get()) == X509_V_OK;
    bool const issued = named && X509_verify(chain[i].get(), X509_get0_pubkey(issuer)) == 1;
    ERR_clear_error();
    if (!issued) return i + 1;
  }
  return std::size_t{0};
}

}  // namespace kms_secretd::platform

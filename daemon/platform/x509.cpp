// SPDX-License-Identifier: Apache-2.0
#include "platform/x509.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>
#include <string>

#include "platform/pem.hpp"

namespace kms_secretd::platform {
namespace {

sdk::Failure unreadable(char const* what, std::string const& why) {
  return {.kind = sdk::FailureKind::invalid_request,
          .code = {},
          .message = std::string("the ") + what + " cannot be read: " + why};
}

struct NamesDelete {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
};

std::string textOf(ASN1_STRING const* text) {
  auto const* const bytes = reinterpret_cast<char const*>(ASN1_STRING_get0_data(text));
  return {bytes, static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string addressOf(ASN1_OCTET_STRING const* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  int const family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(bytes) != 16) return "?";
  ::inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size());
  return text.data();
}

std::string commonNameOf(X509 const* certificate) {
  auto const* const subject = X509_get_subject_name(certificate);
  int const at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  return textOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

}  // namespace

std::string namesOf(X509* certificate) {
  std::unique_ptr<GENERAL_NAMES, NamesDelete> const all(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::string names;
  for (int i = 0; all != nullptr && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    auto const* const name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
    names += names.empty() ? "" : ", ";
    names += name->type == GEN_DNS ? textOf(name->d.dNSName) : addressOf(name->d.iPAddress);
  }
  return names.empty() ? commonNameOf(certificate) : names;
}

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

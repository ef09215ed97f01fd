// SPDX-License-Identifier: Apache-2.0
#include "platform/pem.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <climits>

namespace kms_secretd::platform {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

// Reads in place: no copy of a key is made here.
Bio over(std::string_view text) {
  bool const fits = text.size() <= INT_MAX;
  return Bio(fits ? BIO_new_mem_buf(text.data(), static_cast<int>(text.size())) : nullptr,
             &BIO_free_all);
}

// Answers "no pass phrase" and notes that one was wanted; OpenSSL would ask at the terminal.
int refusePassPhrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

sdk::Failure unusable(std::string message) {
  return {.kind = sdk::FailureKind::invalid_request, .code = {}, .message = std::move(message)};
}

}  // namespace

std::string takeOpensslReason() {
  auto const error = ERR_get_error();
  ERR_clear_error();
  char const* const reason = error != 0 ? ERR_reason_error_string(error) : nullptr;
  return reason != nullptr ? reason : "no reason given";
}

sdk::Result<std::vector<Certificate>> readCertificates(std::string_view pem) {
  ERR_clear_error();
  Bio const bio = over(pem);
  std::vector<Certificate> certificates;
  while (bio != nullptr) {
    Certificate next(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!next) break;
    certificates.push_back(std::move(next));
  }
  bool const atEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  std::string const reason = takeOpensslReason();
  if (!atEnd) {
    return unusable("certificate number " + std::to_string(certificates.size() + 1) +
                    " in the PEM text cannot be read: " + reason);
  }
  if (certificates.empty()) {
    return unusable("the PEM text holds no certificate (no -----BEGIN CERTIFICATE----- line)");
  }
  return certificates;
}

sdk::Result<PrivateKey> readPrivateKey(std::string_view pem) {
  ERR_clear_error();
  Bio const bio = over(pem);
  bool encrypted = false;
  PrivateKey key(bio != nullptr
                     ? PEM_read_bio_PrivateKey(bio.get(), nullptr, &refusePassPhrase, &encrypted)
                     : nullptr);
  std::string const reason = takeOpensslReason();
  if (encrypted) return unusable("the private key is encrypted; give it without a pass phrase");
  if (!key) return unusable("the PEM text holds no private key that can be read: " + reason);
  return key;
}

}  // namespace kms_secretd::platform

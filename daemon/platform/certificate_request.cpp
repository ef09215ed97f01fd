// SPDX-License-Identifier: Apache-2.0
#include "platform/certificate_request.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <vector>

#include "platform/pem.hpp"
#include "platform/sha256.hpp"

namespace kms_secretd::platform {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using Request = std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)>;

constexpr std::size_t longestCommonName = 64;  // X.520

sdk::Failure failed(sdk::FailureKind kind, std::string const& doing) {
  return {.kind = kind, .message = doing + ": " + takeOpensslReason()};
}

std::string_view textOf(BIO* bio) {
  char* data = nullptr;
  auto const size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

bool sign(X509_REQ* request, EVP_PKEY* key, std::string const& commonName) {
  auto* const name = X509_REQ_get_subject_name(request);
  auto const* const bytes = reinterpret_cast<unsigned char const*>(commonName.data());
  return X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes,
                                    static_cast<int>(commonName.size()), -1, 0) == 1 &&
         X509_REQ_set_pubkey(request, key) == 1 && X509_REQ_sign(request, key, EVP_sha256()) > 0;
}

}  // namespace

sdk::Result<sdk::SecretBytes> newPrivateKey() noexcept {
  ERR_clear_error();
  PrivateKey const key(EVP_EC_gen("P-256"));
  // Of secure memory: what it frees is overwritten.
  Bio const out(BIO_new(BIO_s_secmem()), &BIO_free_all);
  auto const written = key && out &&
                       PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0,
                                                     nullptr, nullptr) == 1;
  if (!written) return failed(sdk::FailureKind::internal, "no private key can be made");
  return sdk::SecretBytes(textOf(out.get()));
}

sdk::Result<std::string> certificateRequest(std::string_view keyPem,
                                            std::string const& commonName) noexcept {
  if (commonName.empty() || commonName.size() > longestCommonName) {
    return sdk::Failure{.kind = sdk::FailureKind::invalid_request,
                        .message = "a common name has 1 to 64 characters"};
  }
  auto const key = readPrivateKey(keyPem);
  if (!key) return key.failure();
  Request const request(X509_REQ_new(), &X509_REQ_free);
  Bio const out(BIO_new(BIO_s_mem()), &BIO_free_all);
  auto const written = request && out && sign(request.get(), key.value().get(), commonName) &&
                       PEM_write_bio_X509_REQ(out.get(), request.get()) == 1;
  if (!written) return failed(sdk::FailureKind::internal, "no certificate request can be made");
  return std::string(textOf(out.get()));
}

sdk::Result<std::string> publicKeyDigest(std::string_view keyPem) noexcept {
  auto const key = readPrivateKey(keyPem);
  if (!key) return key.failure();
  unsigned char* encoded = nullptr;
  auto const size = i2d_PUBKEY(key.value().get(), &encoded);
  if (size <= 0) return failed(sdk::FailureKind::internal, "the public key cannot be written");
  std::string const bytes(reinterpret_cast<char const*>(encoded), static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  return sha256Hex(bytes);
}

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <openssl/types.h>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::kms_instance_endpoint {

struct FreeKey {
  void operator()(EVP_PKEY* key) const noexcept;
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;

struct FreeCertificate {
  void operator()(X509* certificate) const noexcept;
};
using CertificatePtr = std::unique_ptr<X509, FreeCertificate>;

/// A client key of an application access point that cannot be used; the message is a whole sentence
/// with its remedy and holds nothing of the key.
class ClientKeyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The RSA key of an application access point, with the certificate that came with it. Immutable;
/// any thread. OpenSSL wipes the key with its last owner.
class ClientKey {
 public:
  /// `certificate` may be null. Throws ClientKeyError unless the key is RSA of 2048 bits or more
  /// and the certificate, if there is one, is its.
  ClientKey(std::string id, KeyPtr key, CertificatePtr certificate);

  /// Travels in `x-kms-acccesskeyid`, such as "KAAP.f4c8...".
  [[nodiscard]] std::string const& id() const noexcept { return id_; }
  /// For signing; owned by this object. OpenSSL takes no const here but changes nothing.
  [[nodiscard]] EVP_PKEY* rsa() const noexcept { return key_.get(); }
  /// When the client key ends; nothing without a certificate.
  [[nodiscard]] std::optional<sdk::WallTime> expiresAt() const noexcept { return expiresAt_; }
  /// The certificate in PEM; empty without one.
  [[nodiscard]] std::string const& certificatePem() const noexcept { return certificatePem_; }
  /// The private key in PEM, for the TLS context of a client certificate. Throws ClientKeyError.
  [[nodiscard]] sdk::SecretBytes privateKeyPem() const;

 private:
  std::string id_;
  KeyPtr key_;
  std::optional<sdk::WallTime> expiresAt_{};
  std::string certificatePem_{};
};

/// Shared, because the key is replaced while other threads still sign with the old one.
using ClientKeyPtr = std::shared_ptr<ClientKey const>;

/// Reads a client key as the console hands it out: JSON with KeyId (or the API's ClientKeyId) and
/// PrivateKeyData, base64 of PKCS#12 (KMS protocol 5.1). White space at the end of the password is
/// no part of it. Throws ClientKeyError: each way to be wrong has its own sentence.
[[nodiscard]] ClientKeyPtr parseClientKey(std::string_view json, std::string_view password);

/// Reads the alternative for hosts whose OpenSSL (FIPS) opens no such PKCS#12: an unencrypted
/// private key in PEM, with or without a certificate. Throws ClientKeyError.
[[nodiscard]] ClientKeyPtr parsePemKey(std::string_view pem, std::string keyId);

}  // namespace kms_secretd::kms_instance_endpoint

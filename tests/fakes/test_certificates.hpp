// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace kms_secretd::fakes {

/// A certificate with its chain (leaf first) and its key, PEM.
struct TestIdentity {
  std::string certificatePem{};
  std::string keyPem{};
};

/// What a certificate shall say.
struct CertificateRequest {
  std::string commonName = "test";
  std::vector<std::string> hosts{};  ///< alternative names: host names and addresses
  int validFromDays = -1;            ///< relative to now
  int validToDays = 30;              ///< relative to now
};

/// A certificate authority that lives in the process (EC P-256). Throws std::runtime_error where
/// OpenSSL fails. Not thread-safe.
class TestAuthority {
 public:
  /// A self-signed root.
  explicit TestAuthority(std::string const& name);

  /// A leaf; its PEM carries the certificates up to, not including, the root.
  [[nodiscard]] TestIdentity issue(CertificateRequest const& request) const;
  /// An intermediate authority below this one.
  [[nodiscard]] TestAuthority issueAuthority(std::string const& name) const;
  /// The authority's own certificate.
  [[nodiscard]] std::string certificatePem() const;

 private:
  struct Delete {
    void operator()(X509* each) const noexcept { X509_free(each); }
    void operator()(EVP_PKEY* each) const noexcept { EVP_PKEY_free(each); }
  };
  using Certificate = std::unique_ptr<X509, Delete>;
  using Key = std::unique_ptr<EVP_PKEY, Delete>;
  struct Details;

  TestAuthority() = default;
  [[nodiscard]] Certificate sign(Details const& details) const;

  Key key_{};
  Certificate certificate_{};
  std::string chainPem_{};  ///< from this authority up to below the root
};

}  // namespace kms_secretd::fakes

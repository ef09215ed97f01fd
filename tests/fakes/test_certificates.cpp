// SPDX-License-Identifier: Apache-2.0
#include "fakes/test_certificates.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace kms_secretd::fakes {
namespace {

void require(bool ok, char const* what) {
  if (!ok) throw std::runtime_error(std::string("test certificates: OpenSSL failed to ") + what);
}

template <class Write>
std::string pemOf(Write write) {
  std::unique_ptr<BIO, decltype(&BIO_free_all)> const bio(BIO_new(BIO_s_mem()), &BIO_free_all);
  require(bio != nullptr && write(bio.get()) == 1, "write PEM");
  char* data = nullptr;
  long const size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string pemOfCertificate(X509* certificate) {
  return pemOf([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::string pemOfKey(EVP_PKEY* key) {
  return pemOf([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

void addExtension(X509* certificate, int nid, std::string const& value) {
  std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> const extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()), &X509_EXTENSION_free);
  require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1,
          "add an extension");
}

std::string alternativeNames(std::vector<std::string> const& hosts) {
  std::string names;
  for (auto const& host : hosts) {
    std::array<unsigned char, 16> bytes{};
    bool const address = ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
                         ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
    names += (names.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + host;
  }
  return names;
}

void setName(X509* certificate, std::string const& commonName) {
  auto const* const text = reinterpret_cast<unsigned char const*>(commonName.c_str());
  require(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text,
                                     -1, -1, 0) == 1,
          "set the subject");
}

void setSerial(X509* certificate) {
  std::uint64_t serial = 0;
  require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) == 1, "draw bytes");
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
}

constexpr long secondsPerDay = 24L * 60 * 60;

}  // namespace

struct TestAuthority::Details {
  CertificateRequest const& request;
  EVP_PKEY* key;
  bool authority = false;
};

TestAuthority::Certificate TestAuthority::sign(Details const& details) const {
  Certificate certificate(X509_new());
  require(certificate != nullptr, "make a certificate");
  X509* const raw = certificate.get();
  X509_set_version(raw, X509_VERSION_3);
  setSerial(raw);
  setName(raw, details.request.commonName);
  X509_gmtime_adj(X509_getm_notBefore(raw), details.request.validFromDays * secondsPerDay);
  X509_gmtime_adj(X509_getm_notAfter(raw), details.request.validToDays * secondsPerDay);
  X509_set_pubkey(raw, details.key);
  X509* const issuer = certificate_ != nullptr ? certificate_.get() : raw;
  X509_set_issuer_name(raw, X509_get_subject_name(issuer));
  addExtension(raw, NID_basic_constraints, details.authority ? "critical,CA:TRUE" : "CA:FALSE");
  if (details.authority) addExtension(raw, NID_key_usage, "critical,keyCertSign,cRLSign");
  if (!details.request.hosts.empty()) {
    addExtension(raw, NID_subject_alt_name, alternativeNames(details.request.hosts));
  }
  EVP_PKEY* const signer = key_ != nullptr ? key_.get() : details.key;
  require(X509_sign(raw, signer, EVP_sha256()) > 0, "sign");
  return certificate;
}

TestAuthority::TestAuthority(std::string const& name) {
  Key key(EVP_EC_gen("P-256"));
  require(key != nullptr, "make a key");
  CertificateRequest const request{.commonName = name};
  certificate_ = sign({.request = request, .key = key.get(), .authority = true});
  key_ = std::move(key);
}

TestIdentity TestAuthority::issue(CertificateRequest const& request) const {
  Key const key(EVP_EC_gen("P-256"));
  require(key != nullptr, "make a key");
  Certificate const certificate = sign({.request = request, .key = key.get()});
  return {pemOfCertificate(certificate.get()) + chainPem_, pemOfKey(key.get())};
}

TestAuthority TestAuthority::issueAuthority(std::string const& name) const {
  TestAuthority below;
  below.key_.reset(EVP_EC_gen("P-256"));
  require(below.key_ != nullptr, "make a key");
  CertificateRequest const request{.commonName = name};
  below.certificate_ = sign({.request = request, .key = below.key_.get(), .authority = true});
  below.chainPem_ = below.certificatePem() + chainPem_;
  return below;
}

std::string TestAuthority::certificatePem() const { return pemOfCertificate(certificate_.get()); }

}  // namespace kms_secretd::fakes

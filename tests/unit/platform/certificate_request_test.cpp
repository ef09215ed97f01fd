// SPDX-License-Identifier: Apache-2.0
#include "platform/certificate_request.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;

namespace {

using Request = std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)>;

Request read(std::string const& pem) {
  std::unique_ptr<BIO, decltype(&BIO_free)> const bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  return {PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr), &X509_REQ_free};
}

}  // namespace

TEST_GROUP(CertificateRequest){};

TEST(CertificateRequest, IsForItsNameAndSignedByItsKey) {
  auto const key = newPrivateKey();
  CHECK_TRUE(key.ok());
  STRNCMP_EQUAL("-----BEGIN PRIVATE KEY-----", std::string(key.value().reveal()).c_str(), 27);
  auto const made = certificateRequest(key.value().reveal(), "kms-secretd");
  CHECK_TRUE(made.ok());
  auto const request = read(made.value());
  CHECK_TRUE(request != nullptr);
  CHECK_EQUAL(1, X509_REQ_verify(request.get(), X509_REQ_get0_pubkey(request.get())));
  char name[100] = "";
  X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, name,
                            sizeof name);
  STRCMP_EQUAL("kms-secretd", name);
}

TEST(CertificateRequest, NamesAKeyByItsPublicHalfAlone) {
  auto const key = newPrivateKey();
  auto const other = newPrivateKey();
  auto const digest = publicKeyDigest(key.value().reveal());
  CHECK_EQUAL(64U, digest.value().size());
  STRCMP_EQUAL(digest.value().c_str(), publicKeyDigest(key.value().reveal()).value().c_str());
  CHECK_TRUE(digest.value() != publicKeyDigest(other.value().reveal()).value());
}

TEST(CertificateRequest, RefusesWhatIsNoKeyAndNoName) {
  CHECK_FALSE(certificateRequest("canary", "kms-secretd").ok());
  CHECK_TRUE(certificateRequest("canary", "n").failure().message.find("canary") ==
             std::string::npos);
  auto const key = newPrivateKey();
  CHECK_FALSE(certificateRequest(key.value().reveal(), "").ok());
  CHECK_FALSE(certificateRequest(key.value().reveal(), std::string(65, 'x')).ok());
  CHECK_FALSE(publicKeyDigest("").ok());
}

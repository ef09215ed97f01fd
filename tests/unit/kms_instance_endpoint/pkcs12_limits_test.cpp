// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/pkcs12_limits.hpp"

#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include "alicloud/base64.hpp"
#include "kms-instance-endpoint/pkcs12.hpp"
#include "vectors.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_instance_endpoint;

namespace {

struct Free {
  void operator()(X509_ALGOR* item) const { X509_ALGOR_free(item); }
  void operator()(PKCS12* item) const { PKCS12_free(item); }
};
using AlgorithmPtr = std::unique_ptr<X509_ALGOR, Free>;

unsigned char salt[] = "12345678";

AlgorithmPtr ownScheme(int iterations) {
  return AlgorithmPtr(PKCS5_pbe_set(NID_pbe_WithSHA1And3_Key_TripleDES_CBC, iterations, salt, 8));
}
AlgorithmPtr pbes2(int iterations) {
  return AlgorithmPtr(PKCS5_pbe2_set(EVP_aes_256_cbc(), iterations, salt, 8));
}

// The vectors' client key in DER, its MAC asking for so many iterations.
std::string fileWithMacOf(long iterations) {
  auto const text = keyPart("client_key_json_pbes2");
  auto const from = text.find("MII");
  auto const der =
      alicloud::decodeBase64(std::string_view(text).substr(from, text.rfind('"') - from));
  auto const* at = reinterpret_cast<unsigned char const*>(der->reveal().data());
  std::unique_ptr<PKCS12, Free> const file(
      d2i_PKCS12(nullptr, &at, static_cast<long>(der->size())));
  ASN1_INTEGER const* count = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &count, file.get());
  ASN1_INTEGER_set(const_cast<ASN1_INTEGER*>(count), iterations);
  unsigned char* raw = nullptr;
  auto const size = i2d_PKCS12(file.get(), &raw);
  std::string out(reinterpret_cast<char const*>(raw), static_cast<std::size_t>(size));
  OPENSSL_free(raw);
  return out;
}

std::string problemOf(std::string const& der) {
  try {
    static_cast<void>(openPkcs12(der, "Unit-Test*2026"));
    return "(accepted)";
  } catch (ClientKeyError const& error) {
    return error.what();
  }
}

}  // namespace

TEST_GROUP(Pkcs12Limits){};

TEST(Pkcs12Limits, TakeWhatTheConsoleAndOthersWrite) {
  for (int const iterations : {1, 2048, 600'000, 1'000'000}) {
    CHECK(isAffordable(*ownScheme(iterations)));
    CHECK(isAffordable(*pbes2(iterations)));
  }
}

TEST(Pkcs12Limits, RefuseWhatWouldTakeMinutes) {
  for (int const iterations : {1'000'001, 2'147'483'647}) {
    CHECK_FALSE(isAffordable(*ownScheme(iterations)));
    CHECK_FALSE(isAffordable(*pbes2(iterations)));
  }
}

TEST(Pkcs12Limits, AreKeptByTheMacAsWell) {
  STRCMP_EQUAL("(accepted)", problemOf(fileWithMacOf(2048)).c_str());
  CHECK(problemOf(fileWithMacOf(1'000'001)).find("more than 1000000 iterations") !=
        std::string::npos);
  CHECK(problemOf(fileWithMacOf(-1)).find("iterations") != std::string::npos);
}

// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include "alicloud/base64.hpp"
#include "alicloud/digest.hpp"
#include "alicloud/nonce.hpp"
#include "alicloud/percent_encoding.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::alicloud;

namespace {

bool decodesTo(std::string_view text, std::string_view bytes) {
  auto const decoded = decodeBase64(text);
  return decoded && decoded->reveal() == bytes;
}

}  // namespace

TEST_GROUP(PercentEncoding){};

TEST(PercentEncoding, KeepsTheUnreservedCharacters) {
  std::string const kept = "ABCXYZabcxyz0189-_.~";
  STRCMP_EQUAL(kept.c_str(), percentEncode(kept).c_str());
}

TEST(PercentEncoding, EncodesEveryOtherByteInUpperCase) {
  STRCMP_EQUAL("%20%2A%2F%2B%3D%3A%40%25%26", percentEncode(" */+=:@%&").c_str());
  STRCMP_EQUAL("%E6%95%B0%F0%9F%94%91", percentEncode("\xE6\x95\xB0\xF0\x9F\x94\x91").c_str());
  STRCMP_EQUAL("%00%0D%0A%7F%FF", percentEncode(std::string_view("\0\r\n\x7F\xFF", 5)).c_str());
}

TEST(PercentEncoding, LeavesExactlySixtySixByteValuesAlone) {
  int alone = 0;
  for (int value = 0; value < 256; ++value) {
    std::string const one(1, static_cast<char>(value));
    if (percentEncode(one) == one) ++alone;
  }
  LONGS_EQUAL(66, alone);
}

TEST_GROUP(Base64){};

TEST(Base64, DecodesTheExamplesOfItsRfc) {
  CHECK(decodesTo("", ""));
  CHECK(decodesTo("Zg==", "f"));
  CHECK(decodesTo("Zm8=", "fo"));
  CHECK(decodesTo("Zm9v", "foo"));
  CHECK(decodesTo("Zm9vYg==", "foob"));
  CHECK(decodesTo("Zm9vYmE=", "fooba"));
  CHECK(decodesTo("Zm9vYmFy", "foobar"));
  CHECK(decodesTo("AAECAwQFBgcICQoLDA0OD//+",
                  std::string_view("\0\1\2\3\4\5\6\7\x8\x9\xA\xB\xC\xD\xE\xF\xFF\xFE", 18)));
}

TEST(Base64, RefusesEverythingThatIsNotExactlyBase64) {
  for (auto const* text :
       {"Zg", "Zg=", "Z===", "====", "Zm9vZg", "Zg==Zg==", "Zm9v\n", "Zm9vYg==\n", " Zm9", "Zm 9",
        "Zm-_", "Zm9\xFF", "=m9v", "Z=9v", "Zm=v", "testdata1"}) {
    CHECK_FALSE_TEXT(decodeBase64(text).has_value(), text);
  }
}

TEST(Base64, RefusesBitsBeyondTheLastByte) {
  CHECK_FALSE(decodeBase64("Zh==").has_value());
  CHECK_FALSE(decodeBase64("Zm9=").has_value());
}

TEST(Base64, TakesEachByteForADigitOrRefusesIt) {
  int digits = 0;
  for (int value = 0; value < 256; ++value) {
    std::string const text = "AAA" + std::string(1, static_cast<char>(value));
    if (decodeBase64(text)) ++digits;
  }
  LONGS_EQUAL(65, digits);  // 64 digits, and the padding "AAA="
}

TEST_GROUP(Digest){};

TEST(Digest, HashesNothingToTheKnownValue) {
  STRCMP_EQUAL("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
               sha256Hex("").c_str());
}

TEST(Digest, TakesAnEmptyKey) {
  STRCMP_EQUAL("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
               hmacSha256Hex("", "").c_str());
}

TEST_GROUP(Nonce){};

TEST(Nonce, IsThirtyTwoLowerCaseHexDigits) {
  auto const nonce = freshNonce();
  LONGS_EQUAL(32, nonce.size());
  CHECK(nonce.find_first_not_of("0123456789abcdef") == std::string::npos);
}

TEST(Nonce, IsNeverTheSameTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(freshNonce());
  LONGS_EQUAL(1000, seen.size());
}

// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/rc2.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "vectors.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::kms_instance_endpoint;

namespace {

std::string decrypt(std::string const& keyHex, unsigned bits, std::string const& cipherHex) {
  auto const text = unhex(cipherHex);
  Rc2::Block block{};
  std::copy(text.begin(), text.end(), block.begin());
  std::string out;
  static constexpr char digits[] = "0123456789abcdef";
  for (auto const byte : Rc2(unhex(keyHex), bits).decrypt(block)) {
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

}  // namespace

TEST_GROUP(Rc2){};

TEST(Rc2, DecryptsTheVectorsOfTheRfc) {
  STRCMP_EQUAL("0000000000000000", decrypt("0000000000000000", 63, "ebb773f993278eff").c_str());
  STRCMP_EQUAL("ffffffffffffffff", decrypt("ffffffffffffffff", 64, "278b27e42e2f0d49").c_str());
  STRCMP_EQUAL("1000000000000001", decrypt("3000000000000000", 64, "30649edf9be7d2c2").c_str());
  STRCMP_EQUAL("0000000000000000", decrypt("88", 64, "61a8a244adacccf0").c_str());
  STRCMP_EQUAL("0000000000000000", decrypt("88bca90e90875a", 64, "6ccf4308974c267f").c_str());
  STRCMP_EQUAL("0000000000000000",
               decrypt("88bca90e90875a7f0f79c384627bafb2", 64, "1a807d272bbe5db1").c_str());
  STRCMP_EQUAL("0000000000000000",
               decrypt("88bca90e90875a7f0f79c384627bafb2", 128, "2269552ab0f85ca6").c_str());
}

TEST(Rc2, RefusesLengthsAndPaddingThatCannotBe) {
  Rc2 const cipher("12345", 40);
  CHECK_FALSE(decryptRc2Cbc(cipher, {}, "").has_value());
  CHECK_FALSE(decryptRc2Cbc(cipher, {}, "1234567").has_value());
  CHECK_FALSE(decryptRc2Cbc(cipher, {}, "not encrypted at").has_value());
}

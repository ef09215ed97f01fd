// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "platform/keyed_digest.hpp"
#include "platform/sha256.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::platform;
using Parts = std::array<std::string_view, 2>;

TEST_GROUP(Digest) { KeyedDigest digest; };

TEST(Digest, EqualPartsHaveEqualDigests) {
  Parts const parts{"key", "value"};
  CHECK(digest.of(parts) == digest.of(parts));
  CHECK(digest.of("value") == digest.of("value"));
}

TEST(Digest, AnyOtherPartsDiffer) {
  auto const one = digest.of(Parts{"ab", "c"});
  CHECK(one != digest.of(Parts{"a", "bc"}));
  CHECK(one != digest.of(Parts{"c", "ab"}));
  CHECK(one != digest.of(Parts{"abc", ""}));
  CHECK(one != digest.of("abc"));
  CHECK(digest.of(std::string_view()) != digest.of(std::span<std::string_view const>()));
}

TEST(Digest, AnotherProcessKeyGivesAnotherDigest) {
  // So nobody can try values against a digest that got out.
  CHECK(digest.of("value") != KeyedDigest().of("value"));
}

TEST(Digest, Sha256IsTheStandards) {
  // FIPS 180-2, appendix B.1, and the empty message.
  STRCMP_EQUAL("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
               sha256Hex("abc").c_str());
  STRCMP_EQUAL("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
               sha256Hex("").c_str());
}

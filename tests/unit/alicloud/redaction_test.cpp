// SPDX-License-Identifier: Apache-2.0
#include "alicloud/redaction.hpp"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::alicloud;

TEST_GROUP(Redaction){};

TEST(Redaction, LeavesAnOrdinaryTextAlone) {
  STRCMP_EQUAL("QPS Limit Exceeded", presentable("QPS Limit Exceeded", {"canary-token"}).c_str());
}

TEST(Redaction, CutsTheEchoOfEveryKnownForm) {
  for (
      auto const* text :
      {"Specified signature is not matched with our calculation. server string to sign is:POST&%2F",
       "Specified signature does not match our calculation. server StringToSign is [ACS3 x] server "
       "CanonicalRequest is [POST x-acs-security-token:tok]",
       "bad; CanonicalRequest: POST", "bad; canonical request: POST"}) {
    auto const shown = presentable(text, {});
    CHECK_TRUE_TEXT(shown.find("[redacted]") != std::string::npos, text);
    CHECK_TRUE_TEXT(shown.find("POST") == std::string::npos, text);
    CHECK_TRUE_TEXT(shown.find("ACS3") == std::string::npos, text);
  }
}

TEST(Redaction, ReplacesEveryOccurrenceOfASensitiveString) {
  auto const shown = presentable("a tok+en/1= b tok+en/1=tok+en/1= c", {"tok+en/1="});
  STRCMP_EQUAL("a [redacted] b [redacted][redacted] c", shown.c_str());
}

TEST(Redaction, ReplacesPercentEncodedCopiesAsWell) {
  STRCMP_EQUAL("x=[redacted]", presentable("x=tok%2Ben%2F1%3D", {"tok+en/1="}).c_str());
}

TEST(Redaction, DoesNotMistakeAnEmptyStringForASecret) {
  STRCMP_EQUAL("text", presentable("text", {"", "t"}).c_str());
}

TEST(Redaction, LetsNothingThroughThatCouldForgeALogLine) {
  STRCMP_EQUAL("a b c?[31m ???", presentable("a\nb\rc\x1B[31m\t\xC2\x85\x7F", {}).c_str());
}

TEST(Redaction, ShortensAfterRedactingSoThatNoHalfSecretStays) {
  std::string const text = std::string(295, 'x') + "canary-token" + std::string(100'000, 'y');
  auto const shown = presentable(text, {"canary-token"});
  LONGS_EQUAL(303, shown.size());
  CHECK(shown.find("can") == std::string::npos);
}

TEST(Redaction, TakesIdentifiersAndNothingElse) {
  STRCMP_EQUAL("6a3e9c36-1150_A.b", plainIdentifier("6a3e9c36-1150_A.b").c_str());
  for (auto const* text : {"a b", "a\n", "<b>", "a\"", "\xC3\xB6"}) {
    STRCMP_EQUAL("", plainIdentifier(text).c_str());
  }
  STRCMP_EQUAL("", plainIdentifier(std::string(129, 'a')).c_str());
}

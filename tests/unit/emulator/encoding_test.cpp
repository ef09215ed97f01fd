// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "emulator/kms/xml.hpp"
#include "emulator/server_clock.hpp"
#include "emulator/sign/encoding.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::emulator;

TEST_GROUP(Encoding){};

TEST(Encoding, KeepsOnlyTheUnreservedCharacters) {
  STRCMP_EQUAL("aZ09-_.~%20%2A%2F%2B%3D%26%25%F0%9F%94%91",
               percentEncode("aZ09-_.~ */+=&%\xF0\x9F\x94\x91").c_str());
}

TEST(Encoding, DecodesWhatItEncodesForEveryByte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK_TRUE(percentDecode(percentEncode(all)) == all);
}

TEST(Encoding, TakesPlusForASpace) { STRCMP_EQUAL("a b", percentDecode("a+b")->c_str()); }

TEST(Encoding, RefusesBrokenPercentSequences) {
  for (const char* bad : {"%", "%1", "%zz", "a%4", "%%41"}) {
    CHECK_FALSE(percentDecode(bad).has_value());
    CHECK_FALSE(parseParams(std::string("a=") + bad).has_value());
  }
}

TEST(Encoding, ParsesEmptyValuesAndMissingEqualsSigns) {
  const Params params = *parseParams("a=&b&&c=1=2");
  CHECK_EQUAL(3U, params.size());
  STRCMP_EQUAL("", findParam(params, "b")->c_str());
  STRCMP_EQUAL("1=2", findParam(params, "c")->c_str());
  STRCMP_EQUAL("a=&b=&c=1%3D2", canonicalParams(params).c_str());
}

TEST(Encoding, SortsCanonicalParametersByBytes) {
  STRCMP_EQUAL("B=1&a=2&a.1=3", canonicalParams({{"a.1", "3"}, {"a", "2"}, {"B", "1"}}).c_str());
}

TEST_GROUP(Timestamps){};

TEST(Timestamps, RoundTrip) {
  for (const char* text :
       {"1970-01-01T00:00:00Z", "2026-09-01T08:00:00Z", "2028-02-29T23:59:59Z"}) {
    STRCMP_EQUAL(text, formatTimestamp(*parseTimestamp(text)).c_str());
  }
  STRCMP_EQUAL("Tue, 01 Sep 2026 08:00:00 GMT",
               formatHttpDate(*parseTimestamp("2026-09-01T08:00:00Z")).c_str());
}

TEST(Timestamps, RefuseOtherFormsAndImpossibleDates) {
  for (const char* bad :
       {"", "2026-09-01", "2026-09-01T08:00:00", "2026-09-01 08:00:00Z", "2026-9-01T08:00:00Z",
        "2026-02-30T08:00:00Z", "2026-09-01T25:00:00Z", "2026-09-01T08:00:00Z "}) {
    CHECK_FALSE(parseTimestamp(bad).has_value());
  }
}

TEST_GROUP(Xml){};

TEST(Xml, NestsObjectsRepeatsListsAndEscapes) {
  const boost::json::object body{
      {"SecretData", "<a&b>"}, {"N", 3}, {"VersionStages", {{"VersionStage", {"x", "y"}}}}};
  STRCMP_EQUAL(
      "<?xml version='1.0' encoding='UTF-8'?><KMS><SecretData>&lt;a&amp;b&gt;</SecretData><N>3</N>"
      "<VersionStages><VersionStage>x</VersionStage><VersionStage>y</VersionStage></VersionStages>"
      "</KMS>",
      renderXml("KMS", body).c_str());
}

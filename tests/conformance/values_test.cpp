// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "conformance/suite.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;  // NOLINT(google-build-using-namespace)
using kms_secretd::conformance::shown;

namespace {

std::string everyByte() {
  std::string bytes;
  for (int each = 0; each < 256; ++each) bytes += static_cast<char>(each);
  return bytes + std::string(3, '\0') + bytes;
}

}  // namespace

TEST_GROUP(ConformanceOfValues) {
  conformance::Suite suite;

  /// Stores and reads back; byte for byte, whatever they are.
  void readsBack(std::string const& bytes) {
    suite.put("conformance-value", bytes);
    auto const result = suite.fetch("conformance-value");
    CHECK_TRUE_TEXT(shown(result) == bytes, "read back other bytes than were stored");
  }
};

TEST(ConformanceOfValues, ReadsTextByteForByte) {
  readsBack("p\xC3\xA4ss w\xC3\xB6rd \"quoted\" \\back\\ {json: 1} $dollar %41 \xF0\x9F\x94\x91");
}

TEST(ConformanceOfValues, B7_KeepsNewlinesAndBlanksAtBothEnds) {
  readsBack("3306");
  readsBack("3306\n");
  readsBack(" \t\r\n in the middle \r\n\t ");
}

TEST(ConformanceOfValues, B27_ReadsBinaryWithNuls) {
  if (!suite.fixture().abilities().binary) return;
  suite.fixture().put("conformance-binary", everyByte(), sdk::DataType::binary);
  auto const result = suite.fetch("conformance-binary");
  CHECK_TRUE_TEXT(shown(result) == everyByte(), "read back other bytes than were stored");
  auto const binary = result.value().dataType == sdk::DataType::binary;
  CHECK_EQUAL(suite.fixture().abilities().tellsBinary, binary);
}

TEST(ConformanceOfValues, ReadsAnEmptyValueAsEmptyAndNotAsAbsent) {
  if (!suite.fixture().abilities().emptyValues) return;
  suite.put("conformance-empty", "");
  auto const result = suite.fetch("conformance-empty");
  CHECK_TRUE(result.ok());
  CHECK_EQUAL(0U, result.value().value.size());
}

TEST(ConformanceOfValues, ReadsThirtyKibibytes) {
  std::string bytes;
  while (bytes.size() < 30U * 1024U) bytes += "0123456789abcdef";
  readsBack(bytes);
}

TEST(ConformanceOfValues, GivesEachSecretItsOwnValue) {
  suite.put("conformance-a", "value of a");
  suite.put("conformance-b", "value of b");
  STRCMP_EQUAL("value of a", shown(suite.fetch("conformance-a")).c_str());
  STRCMP_EQUAL("value of b", shown(suite.fetch("conformance-b")).c_str());
}

TEST_GROUP(ConformanceOfVersions) {
  conformance::Suite suite;

  std::string versionOf(std::string const& name) {
    auto const result = suite.fetch(name);
    CHECK_TRUE_TEXT(result.ok(), "the secret could not be read");
    return result.value().versionId;
  }
};

TEST(ConformanceOfVersions, KeepsTheVersionIdWhileNothingChanged) {
  suite.put("conformance-version", "one");
  auto const first = versionOf("conformance-version");
  CHECK_FALSE(first.empty());
  STRCMP_EQUAL(first.c_str(), versionOf("conformance-version").c_str());
  suite.fixture().remake();
  STRCMP_EQUAL(first.c_str(), versionOf("conformance-version").c_str());
}

TEST(ConformanceOfVersions, ShowsANewVersionAtOnceUnderAnotherId) {
  suite.put("conformance-version", "one");
  auto const first = versionOf("conformance-version");
  suite.put("conformance-version", "two");
  CHECK_TRUE(first != versionOf("conformance-version"));
  STRCMP_EQUAL("two", shown(suite.fetch("conformance-version")).c_str());
}

TEST(ConformanceOfVersions, ReadsTheCurrentVersionByItsId) {
  suite.put("conformance-version", "one");
  auto request = suite.request("conformance-version");
  request.versionId = versionOf("conformance-version");
  STRCMP_EQUAL("one", shown(suite.fixture().backend().fetch(request)).c_str());
}

TEST(ConformanceOfVersions, NeverAnswersAnUnknownVersionWithAnother) {
  if (!suite.fixture().abilities().versionIds) return;
  suite.put("conformance-version", "one");
  auto request = suite.request("conformance-version");
  request.versionId = "00000000-0000-0000-0000-000000000000";
  auto const result = suite.fixture().backend().fetch(request);
  STRCMP_EQUAL("not_found", conformance::kindOf(result).c_str());
}

TEST(ConformanceOfVersions, NeverAnswersAnUnknownStageWithAnother) {
  suite.put("conformance-version", "one");
  auto request = suite.request("conformance-version");
  request.versionStage = "NoSuchStage";
  auto const kind = conformance::kindOf(suite.fixture().backend().fetch(request));
  CHECK_TRUE(kind == "not_found" || kind == "invalid_request");
}

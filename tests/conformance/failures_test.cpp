// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "conformance/suite.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;  // NOLINT(google-build-using-namespace)
using kms_secretd::conformance::kindOf;

namespace {

constexpr char canary[] = "canary-7c1f0e5a-never-shown";

bool has(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

/// Names that no store has, and that a careless backend would make something else of.
std::vector<std::string> garbage() {
  return {"",
          ".",
          "..",
          "/",
          "//",
          "../../../../etc/passwd",
          "/etc/passwd",
          "conformance-name/../../outside",
          "conformance-name/",
          std::string("conformance-name\0.txt", 21),
          std::string(1, '\0'),
          "conformance-name\r\nX-Injected: 1",
          "%2e%2e%2foutside",
          "conformance-name&VersionStage=other",
          "\xFF\xFE\xC0\xAF",
          std::string(300, 'x'),
          std::string(70'000, 'y')};
}

}  // namespace

TEST_GROUP(ConformanceOfFailures) {
  conformance::Suite suite;

  /// A failure that helps: names the secret, shows no value.
  void isHelpful(sdk::Result<sdk::FetchedSecret> const& result, std::string const& name) {
    CHECK_FALSE_TEXT(result.ok(), "the read should have failed");
    auto const& failure = result.failure();
    CHECK_TRUE_TEXT(has(failure.message, name), failure.message.c_str());
    CHECK_FALSE(has(failure.message + failure.code + failure.requestId, canary));
  }
};

TEST(ConformanceOfFailures, AnAbsentSecretIsNotFound) {
  auto const result = suite.fetch("conformance-absent");
  STRCMP_EQUAL("not_found", kindOf(result).c_str());
  isHelpful(result, "conformance-absent");
}

TEST(ConformanceOfFailures, B1_ARemovedSecretIsNotFoundAndNotEmpty) {
  suite.put("conformance-removed", canary);
  CHECK_TRUE(suite.fetch("conformance-removed").ok());
  suite.fixture().remove("conformance-removed");
  auto const result = suite.fetch("conformance-removed");
  STRCMP_EQUAL("not_found", kindOf(result).c_str());
  isHelpful(result, "conformance-removed");
}

TEST(ConformanceOfFailures, B1_ASecretThatMayNotBeReadIsNeverNotFound) {
  suite.put("conformance-denied", canary);
  auto const expected = suite.fixture().breakAccess("conformance-denied");
  CHECK_TRUE(expected != sdk::FailureKind::not_found);
  auto const result = suite.fetch("conformance-denied");
  STRCMP_EQUAL(sdk::nameOf(expected), kindOf(result).c_str());
  isHelpful(result, "conformance-denied");
}

TEST(ConformanceOfFailures, AnUnknownVersionIsExplained) {
  if (!suite.fixture().abilities().versionIds) return;
  suite.put("conformance-version", canary);
  auto request = suite.request("conformance-version");
  request.versionId = "00000000-0000-0000-0000-000000000000";
  isHelpful(suite.fixture().backend().fetch(request), "conformance-version");
}

TEST(ConformanceOfFailures, GarbageForANameIsRefusedOrNotFound) {
  suite.put("conformance-name", canary);
  for (auto const& name : garbage()) {
    auto const result = suite.fetch(name);
    auto const kind = kindOf(result);
    auto const shown = "name \"" + name.substr(0, 40) + "\" gave " + conformance::shown(result);
    CHECK_TRUE_TEXT(kind == "not_found" || kind == "invalid_request", shown.c_str());
    CHECK_FALSE(has(result.failure().message, canary));
  }
  CHECK_TRUE(suite.fetch("conformance-name").ok());
}

TEST(ConformanceOfFailures, NoNameLeadsOutOfTheStore) {
  for (auto const& name : suite.fixture().escapes(canary)) {
    auto const result = suite.fetch(name);
    auto const kind = kindOf(result);
    CHECK_TRUE_TEXT(kind == "not_found" || kind == "invalid_request", (name + kind).c_str());
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "config/reference.hpp"

#include <string>

#include "config/declarations.hpp"

#include "table_catalog.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;

namespace {

void namesEach(std::string const& text, config::Declarations declarations) {
  for (auto const& option : declarations) {
    CHECK_TRUE_TEXT(text.find(std::string(option.name)) != std::string::npos, option.name);
    namesEach(text, config::membersOf(option));
  }
}

}  // namespace

TEST_GROUP(Reference){};

TEST(Reference, NamesEveryOptionOfTheDaemonAndOfTheBackends) {
  auto const text = config::referenceText({{"every", "1", config_test::everyOption()}});
  namesEach(text, config::settingsOptions());
  namesEach(text, config::storeOptions());
  namesEach(text, config::defaultsOptions());
  namesEach(text, config::secretOptions());
  namesEach(text, config_test::everyOption());
}

TEST(Reference, ShowsKindDefaultAndMeaningOfAnOption) {
  auto const text = config::referenceText({{"every", "1", config_test::everyOption()}});
  STRCMP_CONTAINS("| `wait` | duration | `\"1m30s\"` | Wait. |", text.c_str());
  STRCMP_CONTAINS("| `limits.retries` | whole number | `3` | Most tries. |", text.c_str());
  STRCMP_CONTAINS("| `kind` | `\"access_key\"` or `\"sts\"` | `\"sts\"` | Kind. |", text.c_str());
  STRCMP_CONTAINS("| `name` | text | **required** | Name of the Kubernetes Secret. |",
                  text.c_str());
}

TEST(Reference, ABackendWithoutOptionsSaysSo) {
  STRCMP_CONTAINS("### Backend `bare`\n\nNo options of its own.",
                  config::referenceText({{"bare", "1", {}}}).c_str());
}

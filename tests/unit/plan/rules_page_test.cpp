// SPDX-License-Identifier: Apache-2.0
#include "rules_page.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::tests;

TEST_GROUP(RulesPage){};

TEST(RulesPage, DocsShowTheTableThatIsProven) {
  std::ifstream in(KMS_SECRETD_RULES_PAGE, std::ios::binary);
  std::stringstream page;
  page << in.rdbuf();
  CHECK_TEXT(in.good(), "docs/rules.md cannot be read");
  CHECK_TEXT(withTables(page.str()) == page.str(),
             "docs/rules.md is not as the tests have it: run "
             "BUILD/tests/unit/plan/rules-doc docs/rules.md");
}

TEST(RulesPage, APageWithoutMarksIsRefused) {
  CHECK_THROWS(std::runtime_error, (void)withTables("nothing"));
  CHECK_THROWS(std::runtime_error, (void)withTables(std::string(generatedEnd) + generatedBegin));
}

TEST(RulesPage, OnlyTheGeneratedPartChanges) {
  auto const page =
      std::string("before\n") + generatedBegin + "what stood here\n" + generatedEnd + "after\n";
  auto const made = withTables(page);
  CHECK(made.starts_with("before\n"));
  CHECK(made.ends_with("after\n"));
  CHECK(made.find("what stood here") == std::string::npos);
  CHECK(withTables(made) == made);
}

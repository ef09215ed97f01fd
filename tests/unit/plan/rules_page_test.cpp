// SPDX-License-Identifier: Apache-2.0
#include "rules_page.hpp"

#include <stdexcept>
#include <string>

#include "ownership_page.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::tests;

TEST_GROUP(RulesPage) { GeneratedPart const part = rulesPart(); };

TEST(RulesPage, DocsShowTheTableThatIsProven) {
  auto const page = contentOf(KMS_SECRETD_RULES_PAGE);
  CHECK_TEXT(withGenerated(page, part, rulesTables()) == page,
             "docs/rules.md is not as the tests have it: run "
             "BUILD/tests/unit/plan/rules-doc docs/rules.md");
}

TEST(RulesPage, TheOwnershipPageShowsThePoliciesThatAreProven) {
  auto const page = contentOf(KMS_SECRETD_OWNERSHIP_PAGE);
  CHECK_TEXT(withGenerated(page, ownershipPart(), ownershipTables()) == page,
             "docs/ownership.md is not as the tests have it: run "
             "BUILD/tests/unit/plan/ownership-doc docs/ownership.md");
}

TEST(RulesPage, APageWithoutMarksIsRefused) {
  CHECK_THROWS(std::runtime_error, (void)withGenerated("nothing", part, "new"));
  CHECK_THROWS(std::runtime_error, (void)withGenerated(part.end + part.begin, part, "new"));
}

TEST(RulesPage, OnlyTheGeneratedPartChanges) {
  auto const page = "before\n" + part.begin + "what stood here\n" + part.end + "after\n";
  auto const made = withGenerated(page, part, "new\n");
  CHECK(made == "before\n" + part.begin + "new\n" + part.end + "after\n");
  CHECK(withGenerated(made, part, "new\n") == made);
}

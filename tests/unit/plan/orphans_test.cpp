// SPDX-License-Identifier: Apache-2.0
#include "plan/orphans.hpp"

#include <algorithm>
#include <string>

#include "orphan_rows.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using tests::orphanRows;

TEST_GROUP(Orphans){};

TEST(Orphans, B6_EveryRowIsDecidedAsItSays) {
  for (auto const& row : orphanRows()) {
    STRCMP_EQUAL_TEXT(row.done, row.decide().c_str(), row.when);
  }
}

TEST(Orphans, OneAloneIsNeverMuchAndNeverAreMoreThanFiveLittle) {
  for (std::size_t ours : {0U, 1U, 9U, 10U}) LONGS_EQUAL(1, plan::deletionLimit(ours));
  LONGS_EQUAL(2, plan::deletionLimit(11));
  LONGS_EQUAL(5, plan::deletionLimit(41));
  LONGS_EQUAL(5, plan::deletionLimit(1'000'000));
}

TEST(Orphans, AreNamedInTheApprovalWhateverTheOrderOfTheLists) {
  plan::OrphanInput input{.orphans = {}, .ours = 3};
  for (auto const* name : {"b", "a", "c"}) {
    input.orphans.push_back({.id = {.namespaceName = "shop", .name = name}, .observed = {}});
  }
  auto const held = plan::heldDeletion(input);
  CHECK((held->drops == std::vector<std::string>{"shop/a", "shop/b", "shop/c"}));
  std::ranges::reverse(input.orphans);
  STRCMP_EQUAL(held->approval.c_str(), plan::heldDeletion(input)->approval.c_str());
}

TEST(Orphans, OfAnotherClusterNeedAnApprovalOfTheirOwn) {
  plan::OrphanInput here{.orphans = {}, .ours = 2};
  for (auto const* name : {"a", "b"}) {
    here.orphans.push_back({.id = {.namespaceName = "shop", .name = name}, .observed = {}});
  }
  auto there = here;
  for (auto& orphan : there.orphans) orphan.id.cluster = "west";
  CHECK(plan::heldDeletion(here)->approval != plan::heldDeletion(there)->approval);
}

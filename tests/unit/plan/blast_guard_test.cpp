// SPDX-License-Identifier: Apache-2.0
// What the rows do not show: names of changes, and what is no drop.
#include "plan/blast_guard.hpp"

#include <string>

#include "core/approval.hpp"
#include "core/marks.hpp"
#include "world.hpp"

#include <CppUTest/TestHarness.h>

using kms_secretd::core::Action;
using kms_secretd::core::approvalOf;
using kms_secretd::tests::World;
namespace marks = kms_secretd::core::marks;

namespace {

World emptied() {
  World world;
  world.keys.clear();
  world.rotated();
  return world;
}

}  // namespace

TEST_GROUP(BlastGuard){};

TEST(BlastGuard, NamesTheKeysThatWouldGoAndNoOthers) {
  auto world = emptied();
  world.keys = {"new"};
  auto const plan = world.decide();
  STRCMP_EQUAL("would drop password, user", plan.detail.c_str());
  CHECK((plan.droppedKeys == std::vector<std::string>{"password", "user"}));
}

TEST(BlastGuard, AnApprovalIsForOneSecretOnly) {
  auto other = emptied();
  other.definition.id.name = "other";
  CHECK(emptied().decide().approval != other.decide().approval);
  other.approved = emptied().decide().approval;
  CHECK(other.decide().action == Action::hold);
}

TEST(BlastGuard, AnApprovalHangsOnNoValue) {
  auto rotated = emptied();
  rotated.digest.fill(9);
  STRCMP_EQUAL(emptied().decide().approval.c_str(), rotated.decide().approval.c_str());
}

TEST(BlastGuard, HoldsAcrossARestart) {
  auto world = emptied();
  world.restarted();
  CHECK(world.decide().action == Action::hold);
}

TEST(BlastGuard, HoldsADriftedSecretToo) {
  auto world = emptied();
  world.keys = {"new"};
  world.edited("password");
  CHECK(world.decide().action == Action::hold);
}

TEST(BlastGuard, KeysOfOthersAreNotCounted) {
  World world;
  world.keys = {"user"};
  world.rotated();
  for (auto const* key : {"x", "y", "z"}) world.added(key);
  CHECK(world.decide().action == Action::update);
}

TEST_GROUP(Approval){};

TEST(Approval, IsEightHexDigitsThatEveryNodeComputesAlike) {
  STRCMP_EQUAL("8466d6d2", approvalOf({"default:payments/db", "password"}).c_str());
  LONGS_EQUAL(8, approvalOf({}).size());
}

TEST(Approval, TellsListsApartThatReadAlike) {
  CHECK(approvalOf({"a", "bc"}) != approvalOf({"ab", "c"}));
  CHECK(approvalOf({"a"}) != approvalOf({"a", "b"}));
}

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>

#include "core/marks.hpp"
#include "plan/reasons.hpp"
#include "world.hpp"

#include <CppUTest/TestHarness.h>

using kms_secretd::core::Action;
using kms_secretd::core::AdoptPolicy;
using kms_secretd::core::CreationPolicy;
using kms_secretd::core::PlanReason;
using kms_secretd::tests::rows;
using kms_secretd::tests::World;
namespace core = kms_secretd::core;
namespace marks = kms_secretd::core::marks;

TEST_GROUP(WriteTable){};

TEST(WriteTable, EveryRowDecidesAsItSays) {
  for (auto const& row : rows()) {
    World world;
    row.arrange(world);
    auto const plan = world.decide();
    STRCMP_EQUAL_TEXT(core::nameOf(row.action), core::nameOf(plan.action), row.when);
    STRCMP_EQUAL_TEXT(core::nameOf(row.reason), core::nameOf(plan.reason), row.when);
  }
}

TEST(WriteTable, EveryReasonHasARowAndAText) {
  std::set<PlanReason> seen;
  for (auto const& row : rows()) seen.insert(row.reason);
  for (auto const& text : kms_secretd::plan::reasonTexts()) {
    // A policy speaks before anything is read, so there is nothing to decide.
    auto const decided = text.reason != PlanReason::not_permitted;
    CHECK_TEXT(!decided || seen.contains(text.reason), core::nameOf(text.reason));
    CHECK(std::string(text.meaning).size() > 10);
    POINTERS_EQUAL(&text, &kms_secretd::plan::textOf(text.reason));
  }
}

TEST(WriteTable, EveryActionHasARow) {
  std::set<Action> seen;
  for (auto const& row : rows()) seen.insert(row.action);
  LONGS_EQUAL(10, seen.size());
}

TEST(WriteTable, NoTwoRowsSayTheSame) {
  std::set<std::string> seen;
  for (auto const& row : rows()) CHECK_TEXT(seen.insert(row.when).second, row.when);
}

TEST(WriteTable, WhatIsWrittenCarriesThePreconditionsThatItWasDecidedFor) {
  for (auto const& row : rows()) {
    World world;
    row.arrange(world);
    auto const plan = world.decide();
    if (plan.action == Action::create) {
      STRCMP_EQUAL_TEXT("", plan.uid.c_str(), row.when);
      STRCMP_EQUAL_TEXT("", plan.resourceVersion.c_str(), row.when);
    } else if (plan.action != Action::refuse) {
      STRCMP_EQUAL_TEXT(world.observed.uid.c_str(), plan.uid.c_str(), row.when);
      STRCMP_EQUAL_TEXT(world.observed.resourceVersion.c_str(), plan.resourceVersion.c_str(),
                        row.when);
    }
  }
}

TEST(WriteTable, NothingButAHealOrAdoptionMayTakeFromOthersAndAHealOnlyWhatWasOurs) {
  World world;
  world.edited("password");
  world.declareToo("new");
  world.observed.managed.push_back({"kubectl", false, {"new"}, {}, {}});
  CHECK(world.decide().action == Action::update);
}

TEST_GROUP(Decide){};

TEST(Decide, NamesTheDroppedKeysOfTheAnnotationAndOfOurEntry) {
  World world;
  world.observed.annotations[marks::keysAnnotation] = "password,user,z";
  world.ours().dataKeys = {"b", "password", "user"};
  auto const plan = world.decide();
  CHECK(plan.action == Action::update);
  CHECK((plan.droppedKeys == std::vector<std::string>{"b", "z"}));
}

TEST(Decide, B6_DropsNothingFromAForeignSecretThatCarriesAKeysAnnotation) {
  World world;
  world.foreign();
  world.observed.annotations[marks::keysAnnotation] = "theirs";
  world.definition.adopt = AdoptPolicy::force;
  auto const plan = world.decide();
  CHECK(plan.action == Action::adopt);
  CHECK(plan.droppedKeys.empty());
}

TEST(Decide, ClaimsWhatItCreatesAndKeepsTheClaimOnlyWhileItIsOurs) {
  World world;
  world.rotated();
  CHECK_FALSE(world.decide().claimCreated);
  world.ours().labels.push_back(marks::managedByLabel);
  CHECK(world.decide().claimCreated);
  world.gone();
  CHECK(world.decide().claimCreated);
}

TEST(Decide, NamesHolderAndKeyOfAContest) {
  World world;
  world.edited("password");
  world.mayForce = false;
  STRCMP_EQUAL("held: password by kubectl-edit", world.decide().detail.c_str());
}

TEST(Decide, NamesTheManagersOfAForeignSecret) {
  World world;
  world.foreign();
  world.observed.managed.push_back({"argocd", true, {}, {}, {}});
  STRCMP_EQUAL("held by argocd, kubectl", world.decide().detail.c_str());
}

TEST(Decide, NamesTheTypesThatDiffer) {
  World world;
  world.observed.type = "kubernetes.io/tls";
  STRCMP_EQUAL("is kubernetes.io/tls, wanted Opaque", world.decide().detail.c_str());
}

TEST(Decide, AnUnknownTypeIsNoDifference) {
  World world;
  world.observed.type.reset();
  CHECK(world.decide().action == Action::leave);
}

TEST(Decide, OneSignOfOwnershipSuffices) {
  World byUid;
  byUid.restored();
  byUid.observed.labels.clear();
  byUid.observed.uid = "uid-1";
  CHECK(byUid.decide().action == Action::heal);

  World byEntry;
  byEntry.restarted();
  byEntry.observed.labels.clear();
  CHECK(byEntry.decide().action != Action::refuse);

  World byLabel;
  byLabel.restarted();
  byLabel.stripped();
  CHECK(byLabel.decide().action == Action::heal);

  World byNothing = byLabel;
  byNothing.observed.labels.clear();
  CHECK(byNothing.decide().reason == PlanReason::foreign);
}

TEST(Decide, AnUpdateEntryOfOurManagerIsNoSignOfOwnership) {
  World world;
  world.foreign();
  world.observed.managed[0].manager = "kms-secretd/default";
  CHECK(world.decide().reason == PlanReason::foreign);
}

TEST(Decide, AHolderOfTheWholeMapHoldsEachOfOurKeys) {
  World world;
  world.rotated();
  core::ManagedEntry velero;
  velero.manager = "velero";
  velero.wholeData = true;
  world.observed.managed.push_back(velero);
  auto const plan = world.decide();
  CHECK(plan.action == Action::heal);
  STRCMP_EQUAL("held: password by velero, user by velero", plan.detail.c_str());
}

TEST(Decide, AHolderOfOurAnnotationsIsHealedForTheSourcesChangeWithEachRotation) {
  World world;
  world.rotated();
  core::ManagedEntry velero;
  velero.manager = "velero";
  velero.annotations = {marks::sourcesAnnotation};
  world.observed.managed.push_back(velero);
  CHECK(world.decide().action == Action::heal);
}

TEST(Decide, ANewKeyIsNotDriftOfTheOldOnes) {
  World world;
  world.rotated();
  world.keys.push_back("third");  // taken out of the source's JSON: the definition is the same
  auto const plan = world.decide();
  CHECK(plan.action == Action::update);
  CHECK(plan.reason == PlanReason::value_changed);
}

TEST(Decide, ANewLabelOfTheDefinitionIsNotDrift) {
  World world;
  world.redefined();
  world.definition.labels.kept()["tier"] = "db";
  CHECK(world.decide().action == Action::update);
}

TEST(Decide, MergeNeverForcesUnlessItAdopts) {
  World world;
  world.merged();
  world.edited("password");
  CHECK(world.decide().action == Action::update);
  world.definition.adopt = AdoptPolicy::if_equal;
  CHECK(world.decide().action == Action::adopt);
}

TEST_GROUP(ImpossibleInput){};

TEST(ImpossibleInput, ATerminatingObjectThatDoesNotExistIsAbsent) {
  World world;
  world.gone();
  world.observed.terminating = true;
  CHECK(world.decide().action == Action::create);
}

TEST(ImpossibleInput, AnExistingObjectInAnAbsentNamespaceIsLeftAlone) {
  World world;
  world.observed.namespaceAbsent = true;
  CHECK(world.decide().reason == PlanReason::namespace_absent);
}

TEST(ImpossibleInput, AnObjectWithoutUidAndMetadataIsForeign) {
  World world;
  world.gone();
  world.observed.exists = true;
  CHECK(world.decide().reason == PlanReason::foreign);
}

TEST(ImpossibleInput, AnEmptyRecordedUidMatchesNoEmptyObservedUid) {
  World world;
  world.foreign();
  world.observed.uid.clear();
  world.record = {};
  CHECK(world.decide().reason == PlanReason::foreign);
}

TEST(ImpossibleInput, AnIntactEntryWithAnotherDefinitionAnnotationIsWritten) {
  World world;
  world.observed.annotations[marks::definitionAnnotation] = "somebody's";
  CHECK(world.decide().reason == PlanReason::definition_changed);
}

TEST(ImpossibleInput, AnEqualDigestWhoseKeysTheClusterDoesNotListIsHealed) {
  World world;
  world.ours().dataKeys = {"user"};
  world.observed.annotations[marks::keysAnnotation] = "user";
  CHECK(world.decide().action == Action::heal);
}

TEST(ImpossibleInput, GarbageInTheKeysAnnotationIsOnlyNames) {
  World world;
  world.observed.annotations[marks::keysAnnotation] = ",,password,,user,\xff\x01,user,";
  auto const plan = world.decide();
  CHECK(plan.action == Action::update);
  CHECK((plan.droppedKeys == std::vector<std::string>{"\xff\x01"}));
}

TEST(ImpossibleInput, NoKeysAtAllDropsEveryKeyThatWasOurs) {
  World world;
  world.keys.clear();
  CHECK((world.decide().droppedKeys == std::vector<std::string>{"password", "user"}));
}

TEST(ImpossibleInput, TwoApplyEntriesOfOursAndDoubleKeysAreNotAContest) {
  World world;
  world.keys = {"user", "password", "user"};
  CHECK(world.decide().action == Action::leave);
}

TEST(ImpossibleInput, ManyManagersAndKeysAreJudgedAll) {
  World world;
  for (int i = 0; i < 500; ++i) {
    world.observed.managed.push_back(
        {"manager-" + std::to_string(i), i % 2 == 0, {"k" + std::to_string(i)}, {}, {}});
  }
  CHECK(world.decide().action == Action::leave);
}

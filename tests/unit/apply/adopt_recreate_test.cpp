// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks.hpp"
#include "stage.hpp"

using namespace kms_secretd;
using core::Action;
using core::KubeFailureKind;
using core::OutcomeKind;
using tests::checkKind;
using tests::done;
using tests::failed;
using tests::Scene;
namespace marks = core::marks;

TEST_GROUP(Adopt) {
  Scene scene;
  void setup() override {
    scene.observed.managed = {Scene::entry("kubectl", false, {"password", "user"})};
    scene.definition.adopt = core::AdoptPolicy::if_equal;
  }
};

TEST(Adopt, ByForceAndMakesTheKeysOursAlone) {
  scene.definition.adopt = core::AdoptPolicy::force;
  auto object = Scene::ours("11");
  object.managed.push_back(Scene::entry("kubectl", false, {"user"}));
  scene.api.willApply(Scene::reply(object));
  scene.api.willRelease(Scene::ours("12"));
  checkKind(OutcomeKind::adopted, scene.perform(Action::adopt));
  STRCMP_EQUAL(
      "apply force uid=u1 rv=10 keys=password,user\n"
      "releaseKeys uid=u1 rv=11 keys=password,user",
      scene.api.log().c_str());
}

TEST(Adopt, IfEqualAsksTheServerToCompareUnderAnotherManager) {
  scene.api.willApply(Scene::reply(scene.observed));
  auto object = Scene::ours("11");
  object.managed.push_back(scene.observed.managed.front());
  scene.api.willApply(Scene::reply(object));
  scene.api.willRelease(Scene::ours("12"));
  checkKind(OutcomeKind::adopted, scene.perform(Action::adopt));
  STRCMP_EQUAL(
      "apply dry uid=u1 rv=10 keys=password,user\n"
      "apply uid=u1 rv=10 keys=password,user\n"
      "releaseKeys uid=u1 rv=11 keys=password,user",
      scene.api.log().c_str());
  CHECK(scene.api.calls().front().apply.fieldManager != "kms-secretd/default");
}

TEST(Adopt, IfEqualLeavesADifferentSecretAndNamesWhatDiffers) {
  scene.api.willApply(Scene::contest());
  auto const result = scene.perform(Action::adopt);
  checkKind(KubeFailureKind::foreign, result);
  STRCMP_CONTAINS(".data.password held by kubectl-edit", failed(result).message.c_str());
  LONGS_EQUAL(1, scene.api.calls().size());
}

TEST(Adopt, IfEqualRefusesKeysThatNobodyHoldsForTheyWouldBeOverwrittenUnseen) {
  scene.observed.managed = {Scene::entry("kubectl", false, {"password"})};
  auto const result = scene.perform(Action::adopt);
  checkKind(KubeFailureKind::foreign, result);
  CHECK(scene.api.calls().empty());
}

TEST(Adopt, IfEqualCountsTheKeysWhereTheWatchRecordDidNot) {
  scene.observed.dataCount.reset();
  auto counted = scene.observed;
  counted.dataCount = 2;
  scene.api.willObserve(counted);
  scene.api.willApply(Scene::failure(KubeFailureKind::forbidden));
  checkKind(KubeFailureKind::forbidden, scene.perform(Action::adopt));
  STRCMP_EQUAL("observe\napply dry uid=u1 rv=10 keys=password,user", scene.api.log().c_str());
}

TEST(Adopt, IfEqualStartsOverWhereTheSecretChangedMeanwhile) {
  scene.observed.dataCount.reset();
  auto counted = scene.observed;
  counted.dataCount = 2;
  counted.resourceVersion = "11";
  scene.api.willObserve(counted);
  checkKind(KubeFailureKind::changed, scene.perform(Action::adopt));
}

TEST(Adopt, IfEqualTrustsTheServerWhereNobodyManagesAnything) {
  scene.observed.managed.clear();
  scene.api.willApply(Scene::contest());
  checkKind(KubeFailureKind::foreign, scene.perform(Action::adopt));
  STRCMP_EQUAL("apply dry uid=u1 rv=10 keys=password,user", scene.api.log().c_str());
}

TEST(Adopt, NeverDeletesAForeignSecretOfAnotherType) {
  scene.definition.adopt = core::AdoptPolicy::force;
  scene.definition.recreate = true;
  scene.api.willApply(Scene::failure(KubeFailureKind::type_differs));
  checkKind(KubeFailureKind::type_differs, scene.perform(Action::adopt));
  LONGS_EQUAL(1, scene.api.calls().size());
}

TEST_GROUP(Recreate) {
  Scene scene;
  void setup() override { scene.definition.recreate = true; }
};

TEST(Recreate, ValidatesThenDeletesThenCreates) {
  scene.api.willApply(Scene::reply({}, true));
  scene.api.willRemove(true);
  scene.api.willApply(Scene::reply(Scene::object("u2", "20", {}), true));
  auto const result = scene.perform(Action::recreate);
  checkKind(OutcomeKind::recreated, result);
  STRCMP_EQUAL("u2", done(result).record.uid.c_str());
  STRCMP_EQUAL(
      "apply dry keys=password,user\n"
      "remove uid=u1 rv=10\n"
      "apply keys=password,user",
      scene.api.log().c_str());
  auto const calls = scene.api.calls();
  STRCMP_EQUAL("db-kms-secretd-check", calls.at(0).target.name.c_str());
  STRCMP_EQUAL("db", calls.at(2).target.name.c_str());
  CHECK(calls.at(2).apply.labels.contains(marks::managedByLabel));
}

TEST(Recreate, IsNotInterruptedOnceTheOldOneIsGone) {
  scene.api.willApply(Scene::reply({}, true));
  scene.api.willRemove(true);
  scene.api.willApply(Scene::reply({}, true));
  (void)scene.perform(Action::recreate);
  auto const calls = scene.api.calls();
  CHECK_FALSE(calls.at(1).cancellable);
  CHECK_FALSE(calls.at(2).cancellable);
}

TEST(Recreate, KeepsTheOldOneWhereTheNewOneWouldBeRefused) {
  scene.api.willApply(Scene::failure(KubeFailureKind::invalid));
  auto const result = scene.perform(Action::recreate);
  checkKind(KubeFailureKind::invalid, result);
  STRCMP_CONTAINS("the old one stays", failed(result).message.c_str());
  LONGS_EQUAL(1, scene.api.calls().size());
}

TEST(Recreate, DeletesOnlyWhatWasObserved) {
  scene.api.willApply(Scene::reply({}, true));
  scene.api.willRemove(Scene::failure(KubeFailureKind::changed));
  checkKind(KubeFailureKind::changed, scene.perform(Action::recreate));
  LONGS_EQUAL(2, scene.api.calls().size());
}

TEST(Recreate, ComesRoundAgainWhereAFinalizerHoldsTheOldOne) {
  scene.api.willApply(Scene::reply({}, true));
  scene.api.willRemove(true);
  scene.api.willApply(Scene::failure(KubeFailureKind::type_differs));
  auto const result = scene.perform(Action::recreate);
  checkKind(KubeFailureKind::changed, result);
  STRCMP_CONTAINS("was deleted to be made anew", failed(result).message.c_str());
}

TEST(Recreate, B13_FollowsA422OnTypeOrImmutableWhereTheDefinitionAllowsIt) {
  scene.api.willApply(Scene::failure(KubeFailureKind::type_differs));
  scene.api.willApply(Scene::reply({}, true));
  scene.api.willRemove(true);
  scene.api.willApply(Scene::reply(Scene::object("u2", "20", {}), true));
  checkKind(OutcomeKind::recreated, scene.perform(Action::update));
  CHECK(scene.api.calls().back().apply.labels.contains(marks::managedByLabel));
}

TEST(Recreate, IsNotDoneWhereTheDefinitionDoesNotAllowIt) {
  scene.definition.recreate = false;
  scene.api.willApply(Scene::failure(KubeFailureKind::type_differs));
  checkKind(KubeFailureKind::type_differs, scene.perform(Action::update));
  LONGS_EQUAL(1, scene.api.calls().size());
}

TEST(Recreate, IsNeverDoneToASecretThatIsOnlyMergedInto) {
  scene.definition.creation = core::CreationPolicy::merge;
  scene.api.willApply(Scene::failure(KubeFailureKind::type_differs));
  checkKind(KubeFailureKind::type_differs, scene.perform(Action::update));
  LONGS_EQUAL(1, scene.api.calls().size());
}

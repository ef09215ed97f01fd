// SPDX-License-Identifier: Apache-2.0
#include "apply/perform.hpp"

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

TEST_GROUP(Create) {
  Scene scene;
  void setup() override {
    scene.observed = {};
    scene.plan.uid.clear();
    scene.plan.resourceVersion.clear();
    scene.plan.claimCreated = true;
  }
};

TEST(Create, SendsEverythingWithoutForceAndPreconditions) {
  scene.api.willApply(Scene::reply(Scene::ours("11"), true));
  auto const result = scene.perform(Action::create);
  checkKind(OutcomeKind::created, result);
  STRCMP_EQUAL("apply keys=password,user", scene.api.log().c_str());
  auto const sent = scene.api.calls().front();
  STRCMP_EQUAL("kms-secretd/default", sent.apply.fieldManager.c_str());
  STRCMP_EQUAL("Opaque", sent.apply.type.c_str());
  STRCMP_EQUAL("default", sent.apply.labels.at(marks::instanceLabel).c_str());
  STRCMP_EQUAL("kms-secretd", sent.apply.labels.at(marks::managedByLabel).c_str());
  STRCMP_EQUAL("payments", sent.apply.labels.at("app").c_str());
  STRCMP_EQUAL("password,user", scene.keysAnnotation(0).c_str());
  STRCMP_EQUAL("s3cret", sent.data.front().second.c_str());
}

TEST(Create, OfASecretThatNobodyAskedForIsRefusedByTheServerWhereThereIsOne) {
  scene.observed.presumed = true;
  scene.api.willApply(Scene::reply(Scene::ours("11"), true));
  checkKind(OutcomeKind::created, scene.perform(Action::create));
  auto const sent = scene.api.calls().front().apply;
  STRCMP_EQUAL("1", sent.resourceVersion.c_str());  // which no object has
  CHECK(sent.uid.empty() && !sent.force);
}

TEST(Create, LooksAtOnceWhereItsPresumptionWasWrong) {
  for (auto const kind : {KubeFailureKind::changed, KubeFailureKind::contested,
                          KubeFailureKind::invalid, KubeFailureKind::type_differs}) {
    Scene each;
    each.observed = {};
    each.observed.presumed = true;
    each.api.willApply(Scene::failure(kind));
    auto const result = each.perform(Action::create);
    checkKind(KubeFailureKind::changed, result);
    STRCMP_CONTAINS("payments/db is there already", failed(result).message.c_str());
    CHECK_FALSE(failed(result).createUnsettled);
    LONGS_EQUAL(1, each.api.calls().size());
  }
}

TEST(Create, RemembersWhatTheServerMade) {
  scene.api.willApply(Scene::reply(Scene::ours("11"), true));
  auto const result = scene.perform(Action::create);
  auto const& applied = done(result);
  STRCMP_EQUAL("u1", applied.record.uid.c_str());
  STRCMP_EQUAL("11", applied.record.resourceVersion.c_str());
  STRCMP_EQUAL("hash-1", applied.record.definitionHash.c_str());
  CHECK(applied.record.digest == scene.rendered.digest);
  LONGS_EQUAL(1, applied.record.versions.size());
  STRCMP_EQUAL("Opaque", applied.object.type.value_or("").c_str());
}

TEST(Create, B10_WithdrawsAtOnceFromWhatSomebodyElseMadeMeanwhile) {
  auto kubectl = Scene::entry("kubectl", false, {"password"});
  kubectl.type = true;
  scene.api.willApply(Scene::reply(Scene::object(
      "u9", "12", {Scene::entry("kms-secretd/default", true, {"password", "user"}), kubectl})));
  scene.api.willApply(Scene::reply(Scene::object("u9", "13", {kubectl})));
  auto const result = scene.perform(Action::create);
  checkKind(KubeFailureKind::foreign, result);
  STRCMP_CONTAINS("(kubectl)", failed(result).message.c_str());
  STRCMP_EQUAL("apply keys=password,user\napply uid=u9", scene.api.log().c_str());
  auto const withdrawal = scene.api.calls().back().apply;
  STRCMP_EQUAL("", withdrawal.type.c_str());
  CHECK(withdrawal.labels.empty() && withdrawal.annotations.empty() && !withdrawal.force);
  STRCMP_EQUAL("kms-secretd/default", withdrawal.fieldManager.c_str());
}

TEST(Create, SaysSoWhenItCannotWithdraw) {
  scene.api.willApply(Scene::reply(Scene::object(
      "u9", "12",
      {Scene::entry("kms-secretd/default", true, {}), Scene::entry("argocd", true, {})})));
  scene.api.willApply(Scene::failure(KubeFailureKind::unavailable));
  auto const result = scene.perform(Action::create);
  checkKind(KubeFailureKind::unavailable, result);
  STRCMP_CONTAINS("could not be taken back", failed(result).message.c_str());
  CHECK_TRUE(failed(result).createUnsettled);
}

TEST(Create, B10_TakesBackInALaterRoundWhatItCouldNotTakeBackAtOnce) {
  auto theirs = Scene::entry("argocd", true, {});
  scene.observed =
      Scene::object("u9", "12", {Scene::entry("kms-secretd/default", true, {"password"}), theirs});
  scene.api.willApply(Scene::reply(Scene::object("u9", "13", {theirs})));
  auto const result = scene.perform(Action::withdraw);
  checkKind(KubeFailureKind::foreign, result);
  CHECK_FALSE(failed(result).createUnsettled);
  STRCMP_EQUAL("apply uid=u9", scene.api.log().c_str());
}

TEST(Create, AnAnswerThatNeverCameIsUnsettled) {
  for (auto const kind : {KubeFailureKind::unavailable, KubeFailureKind::timed_out,
                          KubeFailureKind::invalid_response, KubeFailureKind::cancelled}) {
    Scene each;
    each.api.willApply(Scene::failure(kind));
    CHECK_TRUE(failed(each.perform(Action::create)).createUnsettled);
  }
  for (auto const kind : {KubeFailureKind::forbidden, KubeFailureKind::invalid}) {
    Scene each;
    each.api.willApply(Scene::failure(kind));
    CHECK_FALSE(failed(each.perform(Action::create)).createUnsettled);
  }
}

TEST(Create, AWithdrawalFromAnObjectThatIsGoneIsDone) {
  scene.api.willApply(Scene::reply(Scene::object("u9", "12", {Scene::entry("argocd", true, {})})));
  scene.api.willApply(Scene::failure(KubeFailureKind::changed));
  auto const result = scene.perform(Action::create);
  STRCMP_CONTAINS("is left as it was", failed(result).message.c_str());
}

TEST(Create, NeverEmptiesItsOwnSecretWhoseFirstAnswerWasLost) {
  auto theirs = Scene::entry("kubectl-annotate", false, {});
  scene.api.willApply(Scene::reply(Scene::object(
      "u1", "12", {Scene::entry("kms-secretd/default", true, {"password", "user"}), theirs})));
  auto const result = scene.perform(Action::create);
  checkKind(OutcomeKind::updated, result);
  STRCMP_EQUAL("apply keys=password,user", scene.api.log().c_str());
  CHECK(!done(result).note.empty());
}

TEST(Create, OtherValuesMadeMeanwhileAreForeignNotContested) {
  scene.api.willApply(Scene::contest());
  auto const result = scene.perform(Action::create);
  checkKind(KubeFailureKind::foreign, result);
  STRCMP_EQUAL(".data.password", failed(result).conflicts.at(0).field.c_str());
  STRCMP_EQUAL("apply keys=password,user", scene.api.log().c_str());
}

TEST(Create, HandsOnEveryOtherFailureAndRepeatsNothing) {
  for (auto const kind :
       {KubeFailureKind::namespace_absent, KubeFailureKind::forbidden, KubeFailureKind::throttled,
        KubeFailureKind::unavailable, KubeFailureKind::timed_out, KubeFailureKind::invalid}) {
    Scene each;
    each.api.willApply(Scene::failure(kind));
    checkKind(kind, each.perform(Action::create));
    LONGS_EQUAL(1, each.api.calls().size());
  }
}

TEST_GROUP(Write) { Scene scene; };

TEST(Write, LeaveAsksNothing) {
  auto const result = scene.perform(Action::leave);
  checkKind(OutcomeKind::unchanged, result);
  STRCMP_EQUAL("10", done(result).record.resourceVersion.c_str());
  CHECK(scene.api.calls().empty());
}

TEST(Write, RefuseAsksNothing) {
  checkKind(KubeFailureKind::foreign, scene.perform(Action::refuse));
  CHECK(scene.api.calls().empty());
}

TEST(Write, UpdateCarriesUidAndResourceVersionAndNoForce) {
  scene.api.willApply(Scene::reply(Scene::ours("11")));
  checkKind(OutcomeKind::updated, scene.perform(Action::update));
  STRCMP_EQUAL("apply uid=u1 rv=10 keys=password,user", scene.api.log().c_str());
}

TEST(Write, AnEqualUpdateIsUnchanged) {
  scene.api.willApply(Scene::reply(Scene::ours("10")));
  checkKind(OutcomeKind::unchanged, scene.perform(Action::update));
}

TEST(Write, ManagedByIsDeclaredOnlyWhereItIsClaimed) {
  scene.api.willApply(Scene::reply(Scene::ours("11")));
  (void)scene.perform(Action::update);
  CHECK(!scene.api.calls().front().apply.labels.contains(marks::managedByLabel));
}

TEST(Write, ALabelOfTheUserWinsOverTheClaim) {
  scene.definition.labels.kept()[marks::managedByLabel] = "Helm";
  scene.plan.claimCreated = true;
  scene.api.willApply(Scene::reply(Scene::ours("11")));
  (void)scene.perform(Action::update);
  STRCMP_EQUAL("Helm", scene.api.calls().front().apply.labels.at(marks::managedByLabel).c_str());
}

TEST(Write, ChangedAndContestedComeBackAsTheyAre) {
  scene.api.willApply(Scene::failure(KubeFailureKind::changed));
  checkKind(KubeFailureKind::changed, scene.perform(Action::update));
  scene.api.willApply(Scene::contest());
  auto const contested = scene.perform(Action::update);
  checkKind(KubeFailureKind::contested, contested);
  STRCMP_EQUAL("kubectl-edit", failed(contested).conflicts.at(0).manager.c_str());
  LONGS_EQUAL(2, scene.api.calls().size());
}

TEST(Write, HealForcesUnderThePreconditions) {
  scene.api.willApply(Scene::reply(Scene::ours("11")));
  checkKind(OutcomeKind::healed, scene.perform(Action::heal));
  STRCMP_EQUAL("apply force uid=u1 rv=10 keys=password,user", scene.api.log().c_str());
}

TEST(Write, HealTakesOurKeysOutOfTheOthersEntries) {
  auto object = Scene::ours("11");
  object.managed.push_back(Scene::entry("before-first-apply", false, {"user"}));
  scene.api.willApply(Scene::reply(object));
  scene.api.willRelease(Scene::ours("12"));
  auto const result = scene.perform(Action::heal);
  checkKind(OutcomeKind::healed, result);
  STRCMP_EQUAL("12", done(result).record.resourceVersion.c_str());
  STRCMP_EQUAL(
      "apply force uid=u1 rv=10 keys=password,user\n"
      "releaseKeys uid=u1 rv=11 keys=password,user",
      scene.api.log().c_str());
  auto const change = scene.api.calls().back().change;
  LONGS_EQUAL(2, change.labels.size());
  LONGS_EQUAL(5, change.annotations.size());
}

TEST(Write, AHolderOfAWholeMapIsReleasedToo) {
  auto object = Scene::ours("11");
  object.managed.push_back(Scene::entry("velero", false, {}));
  object.managed.back().wholeAnnotations = true;
  scene.api.willApply(Scene::reply(object));
  scene.api.willRelease(Scene::ours("12"));
  checkKind(OutcomeKind::healed, scene.perform(Action::heal));
  LONGS_EQUAL(2, scene.api.calls().size());
}

TEST(Write, OthersWithKeysOfTheirOwnAreLeftAlone) {
  auto object = Scene::ours("11");
  object.managed.push_back(Scene::entry("kubectl", false, {"theirs"}));
  scene.api.willApply(Scene::reply(object));
  checkKind(OutcomeKind::healed, scene.perform(Action::heal));
  LONGS_EQUAL(1, scene.api.calls().size());
}

TEST(Write, AFailedReleaseIsAFailureSoThatItComesRoundAgain) {
  auto object = Scene::ours("11");
  object.managed.push_back(Scene::entry("velero", false, {"user"}));
  scene.api.willApply(Scene::reply(object));
  scene.api.willRelease(Scene::failure(KubeFailureKind::changed));
  checkKind(KubeFailureKind::changed, scene.perform(Action::heal));
}

TEST_GROUP(DroppedKeys) {
  Scene scene;
  void setup() override {
    scene.plan.droppedKeys = {"old"};
    scene.observed.managed = {
        Scene::entry("kms-secretd/default", true, {"old", "password", "user"})};
  }
};

TEST(DroppedKeys, OfOursAloneGoWithTheApply) {
  scene.api.willApply(Scene::reply(Scene::ours("11")));
  checkKind(OutcomeKind::updated, scene.perform(Action::update));
  STRCMP_EQUAL("apply uid=u1 rv=10 keys=password,user", scene.api.log().c_str());
  STRCMP_EQUAL("password,user", scene.keysAnnotation(0).c_str());
}

TEST(DroppedKeys, ThatOthersHoldAreRemovedAndStayOnRecordUntilTheyAreGone) {
  scene.observed.managed.push_back(Scene::entry("kubectl", false, {"old"}));
  auto object = Scene::ours("11");
  object.managed.push_back(Scene::entry("kubectl", false, {"old"}));
  scene.api.willApply(Scene::reply(object));
  scene.api.willRemoveKeys(Scene::ours("12"));
  scene.api.willApply(Scene::reply(Scene::ours("13")));
  auto const result = scene.perform(Action::update);
  checkKind(OutcomeKind::updated, result);
  STRCMP_EQUAL(
      "apply uid=u1 rv=10 keys=password,user\n"
      "removeKeys uid=u1 rv=11 keys=old\n"
      "apply uid=u1 rv=12 keys=password,user",
      scene.api.log().c_str());
  STRCMP_EQUAL("old,password,user", scene.keysAnnotation(0).c_str());
  STRCMP_EQUAL("password,user", scene.keysAnnotation(2).c_str());
  STRCMP_EQUAL("13", done(result).record.resourceVersion.c_str());
}

TEST(DroppedKeys, ThatNobodyHoldsAreRemovedToo) {
  scene.observed.managed = {Scene::entry("kms-secretd/default", true, {"password", "user"})};
  scene.api.willApply(Scene::reply(Scene::ours("11")));
  scene.api.willRemoveKeys(Scene::ours("11"));
  scene.api.willApply(Scene::reply(Scene::ours("12")));
  checkKind(OutcomeKind::updated, scene.perform(Action::update));
  LONGS_EQUAL(3, scene.api.calls().size());
}

TEST(DroppedKeys, ThatTheReplyStillNamesAreRemovedWhateverWasObserved) {
  auto object = Scene::ours("11");
  object.managed.push_back(Scene::entry("late", false, {"old"}));
  scene.api.willApply(Scene::reply(object));
  scene.api.willRemoveKeys(Scene::ours("12"));
  scene.api.willApply(Scene::reply(Scene::ours("12")));
  checkKind(OutcomeKind::updated, scene.perform(Action::update));
  STRCMP_EQUAL("removeKeys uid=u1 rv=11 keys=old", scene.api.calls().at(1).text().c_str());
}

TEST(DroppedKeys, KeepTheRoundUnfinishedWhenTheirRemovalFails) {
  scene.observed.managed.push_back(Scene::entry("kubectl", false, {"old"}));
  scene.api.willApply(Scene::reply(Scene::ours("11")));
  scene.api.willRemoveKeys(Scene::failure(KubeFailureKind::unavailable));
  checkKind(KubeFailureKind::unavailable, scene.perform(Action::update));
}

TEST(DroppedKeys, OfAMergeThatOthersHoldStayTheirs) {
  scene.definition.creation = core::CreationPolicy::merge;
  scene.observed.managed.push_back(Scene::entry("kubectl", false, {"old"}));
  auto object = Scene::ours("11");
  object.managed.push_back(Scene::entry("kubectl", false, {"old"}));
  scene.api.willApply(Scene::reply(object));
  checkKind(OutcomeKind::updated, scene.perform(Action::update));
  LONGS_EQUAL(1, scene.api.calls().size());
}

TEST_GROUP(Merge) { Scene scene; };

TEST(Merge, DeclaresOnlyItsKeysAndNoOwnership) {
  scene.definition.creation = core::CreationPolicy::merge;
  scene.plan.claimCreated = true;
  scene.observed.type = "kubernetes.io/tls";
  scene.api.willApply(Scene::reply(Scene::ours("11")));
  auto const result = scene.perform(Action::update);
  auto const sent = scene.api.calls().front().apply;
  STRCMP_EQUAL("", sent.type.c_str());
  CHECK(!sent.labels.contains(marks::instanceLabel));
  CHECK(!sent.labels.contains(marks::managedByLabel));
  STRCMP_EQUAL("kubernetes.io/tls", done(result).object.type.value_or("").c_str());
}

TEST_GROUP(Secrets){};

TEST(Secrets, NoFailureAndNoNoteCarriesAValue) {
  for (auto const action :
       {Action::create, Action::update, Action::heal, Action::adopt, Action::recreate}) {
    Scene scene;
    scene.definition.adopt = core::AdoptPolicy::if_equal;
    scene.api.willApply(Scene::contest());
    auto const result = scene.perform(action);
    auto const& failure = failed(result);
    CHECK((failure.message + failure.remedy).find("s3cret") == std::string::npos);
  }
}

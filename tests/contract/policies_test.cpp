// SPDX-License-Identifier: Apache-2.0
// Foreign keys, immutability, the blast guard, and Secrets whose definition is gone.
#include <string>
#include <vector>

#include "core/marks.hpp"
#include "kube/secret_list.hpp"
#include "plan/orphans.hpp"
#include "target.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using contract::cluster;
using contract::mapOf;
using contract::secretOf;
using contract::setData;
using contract::Target;
namespace json = boost::json;
namespace marks = core::marks;

namespace {

void addForeignKey(Target const& target, char const* key = "theirs") {
  CHECK(cluster()
            .admin()
            .merge(target.place(), {{"data", json::object{{key, "MQ=="}}}}, "kubectl")
            .ok());
}

/// Applies five keys and drops all but one.
void applyFiveAndDropFour(Target& target) {
  target.values = {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}};
  STRCMP_EQUAL("created (absent)", target.run().c_str());
  for (auto const* key : {"b", "c", "d", "e"}) target.drop(key);
}

/// What a list by our label says is to be deleted, by name.
std::vector<plan::FoundSecret> orphansBeside(Target const& target) {
  std::vector<plan::FoundSecret> orphans;
  kube::SecretList const list(cluster().client().connection(), cluster().clock());
  auto const& name = target.definition.id.namespaceName;
  auto const result = list.read(
      {.namespaceName = name, .labelSelector = "kms-secretd.io/instance=default"},
      [&](std::string_view secret, core::Observed const& observed) {
        if (!plan::deletableOrphan(observed, "default")) return;
        orphans.push_back({{"default", name, std::string(secret)}, observed});
      },
      target.call());
  CHECK(std::holds_alternative<bool>(result));
  return orphans;
}

}  // namespace

TEST_GROUP(ContractForeignKeys){};

TEST(ContractForeignKeys, StayUnlessTheDefinitionRemovesThem) {
  Target target;
  (void)target.run();
  addForeignKey(target);
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret theirs=1 user=root", target.data().c_str());
}

TEST(ContractForeignKeys, AreRemovedWithNothingElseTouched) {
  Target target;
  target.definition.foreignKeys = core::ForeignKeys::remove;
  (void)target.run();
  addForeignKey(target);
  CHECK(cluster()
            .admin()
            .merge(target.place(),
                   {{"metadata", json::object{{"labels", json::object{{"theirs", "yes"}}}}}},
                   "kubectl")
            .ok());
  STRCMP_EQUAL("healed (foreign_keys)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  STRCMP_EQUAL("yes", mapOf(target.read(), "labels").at("theirs").c_str());
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
}

TEST(ContractForeignKeys, OfAnotherApplierGoToo) {
  Target target;
  target.definition.foreignKeys = core::ForeignKeys::remove;
  (void)target.run();
  CHECK(cluster().admin().apply(target.place(), secretOf({{"x", "1"}, {"y", "2"}}), "argocd").ok());
  STRCMP_EQUAL("healed (foreign_keys)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
}

TEST(ContractForeignKeys, AreNotRemovedFromWhatChangedMeanwhile) {
  Target target;
  target.definition.foreignKeys = core::ForeignKeys::remove;
  (void)target.run();
  addForeignKey(target);
  STRCMP_EQUAL("failure changed", target.run([&] { addForeignKey(target, "more"); }).c_str());
  STRCMP_EQUAL("more=1 password=s3cret theirs=1 user=root", target.data().c_str());
  STRCMP_EQUAL("healed (foreign_keys)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
}

TEST(ContractForeignKeys, WaitWhereAHealMustWait) {
  Target target;
  target.definition.foreignKeys = core::ForeignKeys::remove;
  (void)target.run();
  addForeignKey(target);
  target.mayForce = false;
  STRCMP_EQUAL("refused (contested)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret theirs=1 user=root", target.data().c_str());
}

TEST_GROUP(ContractImmutable){};

TEST(ContractImmutable, B13_ANewValueNeedsRecreateAndTheRefusalSaysSo) {
  Target target;
  target.definition.immutable = true;
  STRCMP_EQUAL("created (absent)", target.run().c_str());
  CHECK(target.read().as_object().at("immutable").as_bool());
  target.values["user"] = "new";
  auto const end = target.round();
  STRCMP_EQUAL("failure type_differs", end.text().c_str());
  STRCMP_CONTAINS("the Secret is immutable", end.failure().message.c_str());
  STRCMP_CONTAINS("recreate = true", end.failure().remedy.c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  target.definition.recreate = true;
  STRCMP_EQUAL("recreated (value_changed)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=new", target.data().c_str());
  CHECK(target.read().as_object().at("immutable").as_bool());
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
}

TEST(ContractImmutable, ASecretThatIsThereBecomesImmutableWithoutBeingMadeAnew) {
  Target target;
  (void)target.run();
  target.definition.immutable = true;
  target.redefine();
  STRCMP_EQUAL("updated (definition_changed)", target.run().c_str());
  CHECK(target.read().as_object().at("immutable").as_bool());
}

TEST(ContractImmutable, ItsEndNeedsRecreateToo) {
  Target target;
  target.definition.immutable = true;
  (void)target.run();
  target.definition.immutable = false;
  target.redefine();
  auto const end = target.round();
  STRCMP_EQUAL("failure type_differs", end.text().c_str());
  STRCMP_CONTAINS("the Secret is immutable", end.failure().message.c_str());
  target.definition.recreate = true;
  STRCMP_EQUAL("recreated (definition_changed)", target.run().c_str());
  CHECK(target.read().as_object().if_contains("immutable") == nullptr);
}

TEST(ContractImmutable, ItsMetadataChangesWithoutARecreate) {
  Target target;
  target.definition.immutable = true;
  (void)target.run();
  target.definition.labels.kept()["team"] = "payments";
  target.redefine();
  STRCMP_EQUAL("updated (definition_changed)", target.run().c_str());
  STRCMP_EQUAL("payments", mapOf(target.read(), "labels").at("team").c_str());
}

TEST_GROUP(ContractBlastGuard){};

TEST(ContractBlastGuard, HoldsTheDropOfMostKeysUntilExactlyThatIsApproved) {
  Target target;
  applyFiveAndDropFour(target);
  auto const before = target.resourceVersion();
  auto const held = target.round();
  STRCMP_EQUAL("held (keys_would_drop)", held.text().c_str());
  STRCMP_EQUAL(before.c_str(), target.resourceVersion().c_str());
  target.approved = "00000000";
  STRCMP_EQUAL("held (keys_would_drop)", target.run().c_str());
  target.approved = held.plan.approval;
  STRCMP_EQUAL("updated (definition_changed)", target.run().c_str());
  STRCMP_EQUAL("a=1", target.data().c_str());
}

TEST(ContractBlastGuard, HoldsAcrossARestartByWhatTheClusterSays) {
  Target target;
  applyFiveAndDropFour(target);
  target.restart();
  STRCMP_EQUAL("held (keys_would_drop)", target.run().c_str());
  STRCMP_EQUAL("a=1 b=2 c=3 d=4 e=5", target.data().c_str());
}

TEST(ContractBlastGuard, AnEmptiedSecretStaysAndFillsAgain) {
  Target target;
  (void)target.run();
  auto const values = std::exchange(target.values, {});
  auto const held = target.round();
  STRCMP_EQUAL("held (keys_would_drop)", held.text().c_str());
  target.approved = held.plan.approval;
  STRCMP_EQUAL("updated (definition_changed)", target.run().c_str());
  STRCMP_EQUAL("", target.data().c_str());
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
  target.values = values;
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
}

TEST_GROUP(ContractOrphans){};

TEST(ContractOrphans, B6_AreThoseThatWereWrittenToBeDeletedAndNoOthers) {
  Target target;
  target.definition.deletion = core::DeletionPolicy::remove;
  (void)target.run();
  Target kept(false);
  kept.definition.id.namespaceName = target.definition.id.namespaceName;
  kept.definition.id.name = "kept";
  (void)kept.run();
  auto const orphans = orphansBeside(target);
  LONGS_EQUAL(1, orphans.size());
  STRCMP_EQUAL("db", orphans.front().id.name.c_str());
  auto change = target.change({});
  change.uid = orphans.front().observed.uid;
  change.resourceVersion = orphans.front().observed.resourceVersion;
  CHECK(std::get<bool>(cluster().client().remove(change, target.call())));
  LONGS_EQUAL(404, cluster().admin().read(target.place()).status);
  STRCMP_EQUAL("password=s3cret user=root", kept.data().c_str());
}

TEST(ContractOrphans, AreNoCopiesThatOtherToolsMake) {
  Target target;
  target.definition.deletion = core::DeletionPolicy::remove;
  (void)target.run();
  auto copy = target.read().as_object();
  auto& metadata = copy["metadata"].as_object();
  for (auto const* name : {"uid", "resourceVersion", "creationTimestamp", "managedFields"}) {
    metadata.erase(name);
  }
  metadata["name"] = "copy";
  CHECK(cluster().admin().create({target.place().namespaceName, "copy"}, copy, "reflector").ok());
  LONGS_EQUAL(1, orphansBeside(target).size());
  STRCMP_EQUAL("db", orphansBeside(target).front().id.name.c_str());
}

TEST(ContractOrphans, AreNotDeletedOnceTheyChanged) {
  Target target;
  target.definition.deletion = core::DeletionPolicy::remove;
  (void)target.run();
  auto const orphan = orphansBeside(target).front();
  cluster().admin().edit(target.place(), "kubectl-edit",
                         [](json::object& secret) { setData(secret, "user", "edited"); });
  auto change = target.change({});
  change.resourceVersion = orphan.observed.resourceVersion;
  auto const result = cluster().client().remove(change, target.call());
  CHECK(std::get<core::KubeFailure>(result).kind == core::KubeFailureKind::changed);
  STRCMP_EQUAL("password=s3cret user=edited", target.data().c_str());
}

TEST(ContractOrphans, AreRetainedOnceTheDefinitionSaidSoBeforeItWent) {
  Target target;
  target.definition.deletion = core::DeletionPolicy::remove;
  (void)target.run();
  target.definition.deletion = core::DeletionPolicy::retain;
  target.redefine();
  STRCMP_EQUAL("updated (definition_changed)", target.run().c_str());
  LONGS_EQUAL(0, orphansBeside(target).size());
}

// SPDX-License-Identifier: Apache-2.0
// Dropped keys are really gone; recreate; delete.
#include <string>

#include "core/marks.hpp"
#include "target.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using contract::cluster;
using contract::mapOf;
using contract::metadataOf;
using contract::secretOf;
using contract::setData;
using contract::Target;
namespace json = boost::json;
namespace marks = core::marks;

namespace {

json::object stripped() {
  return {{"metadata", json::object{{"managedFields", json::array{json::object{}}}}}};
}

/// Applies, lets `meanwhile` happen, drops "user" and has a round.
template <class Meanwhile>
void checkDropped(Target& target, Meanwhile meanwhile) {
  (void)target.run();
  meanwhile();
  target.drop("user");
  auto const end = target.run();
  CHECK_TEXT(end.starts_with("updated") || end.starts_with("healed"), end.c_str());
  STRCMP_EQUAL("password=s3cret", target.data().c_str());
  STRCMP_EQUAL("password", mapOf(target.read(), "annotations").at(marks::keysAnnotation).c_str());
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
}

}  // namespace

TEST_GROUP(ContractDrop){};

TEST(ContractDrop, OfAKeyThatIsOursAlone) {
  Target target;
  checkDropped(target, [] {});
}

TEST(ContractDrop, AfterARestart) {
  Target target;
  checkDropped(target, [&] { target.restart(); });
}

TEST(ContractDrop, AfterAdoptionOfEqualValues) {
  Target target;
  target.definition.adopt = core::AdoptPolicy::force;
  cluster().admin().create(target.place(), secretOf({{"password", "s3cret"}, {"user", "root"}}),
                           "kubectl");
  checkDropped(target, [] {});
}

TEST(ContractDrop, AfterAdoptionOfDifferentValues) {
  Target target;
  target.definition.adopt = core::AdoptPolicy::force;
  cluster().admin().create(target.place(), secretOf({{"password", "old"}, {"user", "old"}}),
                           "kubectl");
  checkDropped(target, [] {});
}

TEST(ContractDrop, AfterAForeignEditOfThatKey) {
  Target target;
  checkDropped(target, [&] {
    cluster().admin().edit(target.place(), "kubectl-edit",
                           [](json::object& secret) { setData(secret, "user", "edited"); });
  });
}

TEST(ContractDrop, WhereAnotherManagerDeclaresItToo) {
  Target target;
  checkDropped(target, [&] {
    CHECK(cluster().admin().apply(target.place(), secretOf({{"user", "root"}}), "argocd").ok());
  });
}

TEST(ContractDrop, AfterManagedFieldsWereStripped) {
  Target target;
  checkDropped(target, [&] { cluster().admin().merge(target.place(), stripped(), "kubectl"); });
}

TEST(ContractDrop, AfterManagedFieldsWereStrippedAndAForeignEdit) {
  Target target;
  checkDropped(target, [&] {
    cluster().admin().merge(target.place(), stripped(), "kubectl");
    cluster().admin().edit(target.place(), "kubectl-edit",
                           [](json::object& secret) { setData(secret, "user", "edited"); });
  });
}

TEST(ContractDrop, OfAKeyThatNobodyManages) {
  Target target;
  checkDropped(target, [&] {
    cluster().admin().edit(target.place(), "kubectl", [](json::object& secret) {
      auto& entry = secret["metadata"].as_object()["managedFields"].as_array()[0].as_object();
      entry["fieldsV1"].as_object()["f:data"].as_object().erase("f:user");
    });
  });
}

TEST(ContractDrop, AfterARestoreFromABackup) {
  Target target;
  checkDropped(target, [&] {
    auto backup = target.read().as_object();
    cluster().admin().remove(target.place());
    auto& metadata = backup["metadata"].as_object();
    for (auto const* name : {"uid", "resourceVersion", "creationTimestamp"}) metadata.erase(name);
    CHECK(cluster().admin().create(target.place(), backup, "velero").ok());
  });
}

TEST(ContractDrop, LeavesTheKeysOfOthers) {
  Target target;
  (void)target.run();
  cluster().admin().merge(target.place(), {{"data", json::object{{"theirs", "MQ=="}}}}, "kubectl");
  target.drop("user");
  STRCMP_EQUAL("updated (definition_changed)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret theirs=1", target.data().c_str());
}

TEST_GROUP(ContractRecreate){};

TEST(ContractRecreate, OnlyWhereTheDefinitionAllowsIt) {
  Target target;
  (void)target.run();
  target.definition.type = "example.com/other";
  target.redefine();
  STRCMP_EQUAL("refused (type_differs)", target.run().c_str());
  target.definition.recreate = true;
  STRCMP_EQUAL("recreated (type_differs)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  STRCMP_EQUAL("example.com/other", target.read().as_object().at("type").as_string().c_str());
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
}

TEST(ContractRecreate, KeepsTheOldOneWhereTheNewOneWouldBeRefused) {
  Target target;
  (void)target.run();
  target.definition.type = "kubernetes.io/tls";
  target.definition.recreate = true;
  target.redefine();
  auto const end = target.round();
  STRCMP_EQUAL("failure invalid", end.text().c_str());
  STRCMP_CONTAINS("the old one stays", end.failure().message.c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
}

TEST(ContractRecreate, OfAnImmutableSecret) {
  Target target;
  (void)target.run();
  cluster().admin().merge(target.place(), {{"immutable", true}}, "kubectl");
  target.values["user"] = "new";
  STRCMP_EQUAL("failure type_differs", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  target.definition.recreate = true;
  STRCMP_EQUAL("recreated (value_changed)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=new", target.data().c_str());
}

TEST(ContractRecreate, DoesNotDeleteWhatChangedMeanwhile) {
  Target target;
  (void)target.run();
  target.definition.type = "example.com/other";
  target.definition.recreate = true;
  target.redefine();
  STRCMP_EQUAL("failure changed", target
                                      .run([&] {
                                        cluster().admin().merge(
                                            target.place(),
                                            {{"data", json::object{{"extra", "MQ=="}}}}, "kubectl");
                                      })
                                      .c_str());
  STRCMP_EQUAL("extra=1 password=s3cret user=root", target.data().c_str());
}

TEST(ContractRecreate, WaitsForTheFinalizerOfTheOldOne) {
  Target target;
  (void)target.run();
  cluster().admin().merge(
      target.place(), {{"metadata", json::object{{"finalizers", json::array{"example.com/hold"}}}}},
      "kubectl");
  target.definition.type = "example.com/other";
  target.definition.recreate = true;
  target.redefine();
  STRCMP_EQUAL("failure changed", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  STRCMP_EQUAL("refused (terminating)", target.run().c_str());
  cluster().admin().merge(target.place(), {{"metadata", json::object{{"finalizers", nullptr}}}},
                          "kubectl");
  STRCMP_EQUAL("created (absent)", target.run().c_str());
  STRCMP_EQUAL("example.com/other", target.read().as_object().at("type").as_string().c_str());
}

TEST_GROUP(ContractDelete){};

TEST(ContractDelete, OnlyWhatItWasDecidedFor) {
  Target target;
  (void)target.run();
  auto const now = target.change({});
  auto old = now;
  old.resourceVersion = "1";
  auto other = now;
  other.uid = "11111111-1111-1111-1111-111111111111";
  for (auto const& change : {old, other}) {
    auto const result = cluster().client().remove(change, target.call());
    CHECK(std::get<core::KubeFailure>(result).kind == core::KubeFailureKind::changed);
  }
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  CHECK(std::get<bool>(cluster().client().remove(now, target.call())));
  LONGS_EQUAL(404, cluster().admin().read(target.place()).status);
  CHECK_FALSE(std::get<bool>(cluster().client().remove(now, target.call())));
}

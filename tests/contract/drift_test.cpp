// SPDX-License-Identifier: Apache-2.0
// heal: what others did to a Secret of ours.
#include <string>

#include "core/marks.hpp"
#include "target.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using contract::cluster;
using contract::dropData;
using contract::mapOf;
using contract::secretOf;
using contract::setData;
using contract::Target;
namespace json = boost::json;
namespace marks = core::marks;

TEST_GROUP(ContractHeal){};

TEST(ContractHeal, BringsBackAnEditedValue) {
  Target target;
  (void)target.run();
  cluster().admin().edit(target.place(), "kubectl-edit",
                         [](json::object& secret) { setData(secret, "password", "hacked"); });
  auto const end = target.round();
  STRCMP_EQUAL("healed (ownership_lost)", end.text().c_str());
  STRCMP_EQUAL("held: password by kubectl-edit", end.plan.detail.c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  STRCMP_EQUAL("kms-secretd/default Apply: password user", target.holders().c_str());
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
}

TEST(ContractHeal, WaitsWhereItMayNotForce) {
  Target target;
  (void)target.run();
  cluster().admin().edit(target.place(), "kubectl-edit",
                         [](json::object& secret) { setData(secret, "password", "hacked"); });
  target.mayForce = false;
  STRCMP_EQUAL("refused (contested)", target.run().c_str());
  STRCMP_EQUAL("password=hacked user=root", target.data().c_str());
}

TEST(ContractHeal, BringsBackARemovedKeyAndLabel) {
  Target target;
  (void)target.run();
  cluster().admin().edit(target.place(), "kubectl-edit", [](json::object& secret) {
    dropData(secret, "password");
    secret["metadata"].as_object().erase("labels");
  });
  STRCMP_EQUAL("healed (ownership_lost)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  STRCMP_EQUAL("default", mapOf(target.read(), "labels").at(marks::instanceLabel).c_str());
}

TEST(ContractHeal, BringsBackASecretThatWasReplacedAsAWhole) {
  Target target;
  (void)target.run();
  CHECK(cluster().admin().replace(target.place(), secretOf({{"x", "1"}}), "other").ok());
  STRCMP_EQUAL("healed (ownership_lost)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root x=1", target.data().c_str());
}

TEST(ContractHeal, DoesNotFightForManagedBy) {
  Target target;
  (void)target.run();
  json::object const labels{{marks::managedByLabel, "Helm"}};
  cluster().admin().merge(target.place(), {{"metadata", json::object{{"labels", labels}}}}, "helm");
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
  target.values["user"] = "new";
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
  STRCMP_EQUAL("Helm", mapOf(target.read(), "labels").at(marks::managedByLabel).c_str());
}

TEST(ContractHeal, KeepsItsClaimThroughUpdates) {
  Target target;
  (void)target.run();
  target.values["user"] = "new";
  (void)target.run();
  STRCMP_EQUAL("kms-secretd", mapOf(target.read(), "labels").at(marks::managedByLabel).c_str());
}

TEST(ContractHeal, MendsStrippedManagedFieldsSoThatRotationNeedsNoForce) {
  Target target;
  (void)target.run();
  cluster().admin().merge(
      target.place(), {{"metadata", json::object{{"managedFields", json::array{json::object{}}}}}},
      "kubectl");
  STRCMP_EQUAL("", target.holders().c_str());
  STRCMP_EQUAL("healed (ownership_lost)", target.run().c_str());
  STRCMP_EQUAL("kms-secretd/default Apply: password user", target.holders().c_str());
  target.values = {{"password", "p2"}, {"user", "u2"}};
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
  STRCMP_EQUAL("password=p2 user=u2", target.data().c_str());
}

TEST(ContractHeal, MendsARestoreFromABackupSoThatRotationNeedsNoForce) {
  Target target;
  (void)target.run();
  auto backup = target.read().as_object();
  cluster().admin().remove(target.place());
  auto& metadata = backup["metadata"].as_object();
  for (auto const* name : {"uid", "resourceVersion", "creationTimestamp"}) metadata.erase(name);
  setData(backup, "password", "of last week");
  CHECK(cluster().admin().create(target.place(), backup, "velero").ok());
  STRCMP_EQUAL("healed (recreated_by_other)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  STRCMP_EQUAL("kms-secretd/default Apply: password user", target.holders().c_str());
  target.values = {{"password", "p2"}, {"user", "u2"}};
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
  target.values = {{"password", "p3"}, {"user", "u3"}};
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
  STRCMP_EQUAL("password=p3 user=u3", target.data().c_str());
}

TEST(ContractHeal, ARestoreWithoutOurLabelIsForeign) {
  Target target;
  (void)target.run();
  cluster().admin().remove(target.place());
  cluster().admin().create(target.place(), secretOf({{"user", "theirs"}}), "velero");
  STRCMP_EQUAL("refused (foreign)", target.run().c_str());
  STRCMP_EQUAL("user=theirs", target.data().c_str());
}

TEST(ContractHeal, RotatesAKeyThatAnotherManagerDeclaresToo) {
  Target target;
  (void)target.run();
  CHECK(cluster().admin().apply(target.place(), secretOf({{"user", "root"}}), "argocd").ok());
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
  target.values["user"] = "new";
  STRCMP_EQUAL("healed (value_changed)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=new", target.data().c_str());
}

TEST(ContractHeal, UnderItsPreconditionsOnly) {
  Target target;
  (void)target.run();
  auto const edit = [&](std::string const& value) {
    cluster().admin().edit(target.place(), "kubectl-edit",
                           [&](json::object& secret) { setData(secret, "password", value); });
  };
  edit("one");
  STRCMP_EQUAL("failure changed", target.run([&] { edit("two"); }).c_str());
  STRCMP_EQUAL("password=two user=root", target.data().c_str());
}

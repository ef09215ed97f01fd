// SPDX-License-Identifier: Apache-2.0
// adopt and merge: Secrets that others made.
#include <string>

#include "core/marks.hpp"
#include "target.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using contract::cluster;
using contract::mapOf;
using contract::secretOf;
using contract::setData;
using contract::Target;
using core::AdoptPolicy;
namespace json = boost::json;
namespace marks = core::marks;

namespace {

/// A target whose Secret somebody made before.
struct Foreign : Target {
  explicit Foreign(contract::Admin::Strings const& data, AdoptPolicy policy) {
    definition.adopt = policy;
    cluster().admin().create(place(), secretOf(data), "kubectl");
  }
};

contract::Admin::Strings const equal{{"password", "s3cret"}, {"user", "root"}};
contract::Admin::Strings const different{{"password", "old"}, {"user", "root"}};

}  // namespace

TEST_GROUP(ContractAdopt){};

TEST(ContractAdopt, NeverLeavesTheSecretByteIdentical) {
  Foreign target(equal, AdoptPolicy::never);
  auto const before = json::serialize(target.read());
  auto const end = target.round();
  STRCMP_EQUAL("refused (foreign)", end.text().c_str());
  STRCMP_EQUAL("held by kubectl", end.plan.detail.c_str());
  STRCMP_EQUAL(before.c_str(), json::serialize(target.read()).c_str());
}

TEST(ContractAdopt, IfEqualTakesAnEqualSecretSoThatRotationNeedsNoForce) {
  Foreign target(equal, AdoptPolicy::if_equal);
  STRCMP_EQUAL("adopted (adopted)", target.run().c_str());
  STRCMP_EQUAL("kms-secretd/default Apply: password user", target.holders().c_str());
  CHECK(!mapOf(target.read(), "labels").contains(marks::managedByLabel));
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
  target.values = {{"password", "p2"}, {"user", "u2"}};
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
  STRCMP_EQUAL("password=p2 user=u2", target.data().c_str());
}

TEST(ContractAdopt, IfEqualLeavesADifferentSecretByteIdenticalAndNamesTheKey) {
  Foreign target(different, AdoptPolicy::if_equal);
  auto const before = json::serialize(target.read());
  auto const end = target.round();
  STRCMP_EQUAL("failure foreign", end.text().c_str());
  STRCMP_CONTAINS(".data.password", end.failure().message.c_str());
  CHECK(end.failure().message.find("old") == std::string::npos);
  STRCMP_EQUAL(before.c_str(), json::serialize(target.read()).c_str());
}

TEST(ContractAdopt, IfEqualComparesWhatNobodyManagesToo) {
  Foreign target(different, AdoptPolicy::if_equal);
  cluster().admin().merge(
      target.place(), {{"metadata", json::object{{"managedFields", json::array{json::object{}}}}}},
      "kubectl");
  STRCMP_EQUAL("failure foreign", target.run().c_str());
  STRCMP_EQUAL("password=old user=root", target.data().c_str());
}

TEST(ContractAdopt, IfEqualRefusesKeysThatTheServerCannotCompare) {
  Foreign target(different, AdoptPolicy::if_equal);
  cluster().admin().edit(target.place(), "kubectl", [](json::object& secret) {
    auto& entry = secret["metadata"].as_object()["managedFields"].as_array()[0].as_object();
    entry["fieldsV1"].as_object()["f:data"].as_object().erase("f:password");
  });
  STRCMP_EQUAL("kubectl Update: user", target.holders().c_str());
  STRCMP_EQUAL("failure foreign", target.run().c_str());
  STRCMP_EQUAL("password=old user=root", target.data().c_str());
}

TEST(ContractAdopt, IfEqualHoldsForTheVersionThatWasComparedOnly) {
  Foreign target(equal, AdoptPolicy::if_equal);
  STRCMP_EQUAL("failure changed", target
                                      .run([&] {
                                        cluster().admin().edit(target.place(), "kubectl-edit",
                                                               [](json::object& secret) {
                                                                 setData(secret, "extra", "1");
                                                               });
                                      })
                                      .c_str());
  STRCMP_EQUAL("kubectl Update: password user | kubectl-edit Update: extra",
               target.holders().c_str());
}

TEST(ContractAdopt, ForceTakesTheKeysAndLeavesTheOthersTheirs) {
  Foreign target({{"password", "old"}, {"user", "root"}, {"theirs", "1"}}, AdoptPolicy::force);
  STRCMP_EQUAL("adopted (adopted)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret theirs=1 user=root", target.data().c_str());
  STRCMP_EQUAL("kms-secretd/default Apply: password user | kubectl Update: theirs",
               target.holders().c_str());
  target.values = {{"password", "p2"}, {"user", "u2"}};
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
  target.values = {{"password", "p3"}, {"user", "u3"}};
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
  STRCMP_EQUAL("password=p3 theirs=1 user=u3", target.data().c_str());
}

TEST(ContractAdopt, ForceLeavesNoEntryThatTheServerWouldFillUpAgain) {
  Foreign target({{"password", "old"}, {"user", "old"}}, AdoptPolicy::force);
  STRCMP_EQUAL("adopted (adopted)", target.run().c_str());
  STRCMP_EQUAL("kms-secretd/default Apply: password user", target.holders().c_str());
  cluster().admin().merge(target.place(), {{"data", json::object{{"extra", "MQ=="}}}}, "kubectl");
  target.values = {{"password", "p2"}, {"user", "u2"}};
  STRCMP_EQUAL("updated (value_changed)", target.run().c_str());
  STRCMP_EQUAL("extra=1 password=p2 user=u2", target.data().c_str());
}

TEST(ContractAdopt, ForceDoesNotDeleteASecretOfAnotherType) {
  Foreign target(equal, AdoptPolicy::force);
  target.definition.type = "example.com/other";
  target.definition.recreate = true;
  STRCMP_EQUAL("refused (type_differs)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
}

TEST_GROUP(ContractMerge){};

TEST(ContractMerge, AddsItsKeysToASecretOfOthers) {
  Foreign target({{"theirs", "1"}}, AdoptPolicy::never);
  target.definition.creation = core::CreationPolicy::merge;
  target.definition.type = "ignored";
  STRCMP_EQUAL("updated (merged)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret theirs=1 user=root", target.data().c_str());
  CHECK(mapOf(target.read(), "labels").empty());
  STRCMP_EQUAL("unchanged (in_sync)", target.run().c_str());
  target.values["user"] = "new";
  STRCMP_EQUAL("updated (merged)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret theirs=1 user=new", target.data().c_str());
}

TEST(ContractMerge, DropsOnlyItsOwnKeys) {
  Foreign target({{"theirs", "1"}}, AdoptPolicy::never);
  target.definition.creation = core::CreationPolicy::merge;
  (void)target.run();
  target.drop("user");
  STRCMP_EQUAL("updated (merged)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret theirs=1", target.data().c_str());
}

TEST(ContractMerge, AKeyOfOthersIsContested) {
  Foreign target(different, AdoptPolicy::never);
  target.definition.creation = core::CreationPolicy::merge;
  STRCMP_EQUAL("failure contested", target.run().c_str());
  STRCMP_EQUAL("password=old user=root", target.data().c_str());
}

TEST(ContractMerge, ForceTakesAKeyOfOthers) {
  Foreign target(different, AdoptPolicy::force);
  target.definition.creation = core::CreationPolicy::merge;
  STRCMP_EQUAL("adopted (merged)", target.run().c_str());
  STRCMP_EQUAL("password=s3cret user=root", target.data().c_str());
  STRCMP_EQUAL("kms-secretd/default Apply: password user", target.holders().c_str());
}

TEST(ContractMerge, DoesNotMakeTheSecret) {
  Target target;
  target.definition.creation = core::CreationPolicy::merge;
  STRCMP_EQUAL("refused (absent)", target.run().c_str());
  LONGS_EQUAL(404, cluster().admin().read(target.place()).status);
}

// SPDX-License-Identifier: Apache-2.0
// The KubeApi of daemon/kube by itself, and what goes over the wire.
#include <algorithm>
#include <string>

#include "target.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using contract::cluster;
using contract::secretOf;
using contract::setData;
using contract::Target;
namespace json = boost::json;

namespace {

core::Observed observe(Target const& target) {
  auto const result = cluster().client().observe(target.definition.id, target.call());
  if (auto const* failure = std::get_if<core::KubeFailure>(&result)) {
    FAIL(failure->message.c_str());
  }
  return std::get<core::Observed>(result);
}

core::KubeFailureKind kindOf(core::KubeResult<core::Observed> const& result) {
  if (!std::holds_alternative<core::KubeFailure>(result)) FAIL("it was done");
  return std::get<core::KubeFailure>(result).kind;
}

}  // namespace

TEST_GROUP(ContractObserve){};

TEST(ContractObserve, TellsTypeCountAndHoldersAndNoValue) {
  Target target;
  (void)target.run();
  cluster().admin().merge(target.place(), {{"data", json::object{{"extra", "MQ=="}}}}, "kubectl");
  auto const seen = observe(target);
  CHECK(seen.exists);
  STRCMP_EQUAL("Opaque", seen.type.value_or("").c_str());
  LONGS_EQUAL(3, seen.dataCount.value_or(0));
  STRCMP_EQUAL(contract::metadataOf(target.read(), "uid").c_str(), seen.uid.c_str());
  auto const* ours = seen.appliedBy("kms-secretd/default");
  CHECK(ours != nullptr);
  CHECK((ours->dataKeys == std::vector<std::string>{"password", "user"}));
  CHECK(ours->type);
  LONGS_EQUAL(2, seen.managed.size());
}

TEST(ContractObserve, AnAbsentSecretIsAValue) {
  CHECK_FALSE(observe(Target()).exists);
  CHECK_FALSE(observe(Target(false)).exists);
}

TEST(ContractObserve, SeesAManagerThatWasLeftWithTheWholeMap) {
  Target target;
  cluster().admin().create(target.place(), secretOf({{"password", "a"}, {"user", "b"}}), "kubectl");
  apply::ApplyRequest request;
  request.target = target.definition.id;
  request.fieldManager = "somebody";
  request.force = true;
  std::vector<core::RenderedKey> keys;
  keys.push_back({"password", sdk::SecretBytes("1")});
  keys.push_back({"user", sdk::SecretBytes("2")});
  request.data = keys;
  auto const applied = cluster().client().apply(request, target.call());
  CHECK(std::holds_alternative<apply::ApplyReply>(applied));
  auto const seen = observe(target);
  auto const whole = std::ranges::count_if(
      seen.managed, [](core::ManagedEntry const& entry) { return entry.wholeData; });
  LONGS_EQUAL(1, whole);
}

TEST_GROUP(ContractChange){};

TEST(ContractChange, RemovesKeysOfOthersUnderPreconditions) {
  Target target;
  cluster().admin().create(target.place(), secretOf({{"a", "1"}, {"b", "2"}}), "kubectl");
  auto stale = target.change({"a"});
  stale.resourceVersion = "1";
  CHECK(kindOf(cluster().client().removeKeys(stale, target.call())) ==
        core::KubeFailureKind::changed);
  auto other = target.change({"a"});
  other.uid = "11111111-1111-1111-1111-111111111111";
  CHECK(kindOf(cluster().client().removeKeys(other, target.call())) ==
        core::KubeFailureKind::changed);
  auto const removed = cluster().client().removeKeys(target.change({"a", "none"}), target.call());
  CHECK(std::holds_alternative<core::Observed>(removed));
  STRCMP_EQUAL("b=2", target.data().c_str());
}

TEST(ContractChange, ReleaseTouchesNoValueAndNoKeyOfOthers) {
  Target target;
  (void)target.run();
  cluster().admin().apply(target.place(), secretOf({{"user", "root"}, {"theirs", "1"}}), "argocd");
  auto const before = target.data();
  auto const released =
      cluster().client().releaseKeys(target.change({"password", "user"}), target.call());
  CHECK(std::holds_alternative<core::Observed>(released));
  STRCMP_EQUAL(before.c_str(), target.data().c_str());
  STRCMP_EQUAL("argocd Apply: theirs | kms-secretd/default Apply: password user",
               target.holders().c_str());
}

TEST_GROUP(ContractWire){};

TEST(ContractWire, NoValueIsEverAskedForAndNoNullIsApplied) {
  cluster().wire().forget();
  Target target;
  target.definition.adopt = core::AdoptPolicy::force;
  cluster().admin().create(target.place(), secretOf({{"password", "old"}, {"user", "root"}}),
                           "kubectl");
  (void)target.run();
  cluster().admin().edit(target.place(), "kubectl-edit",
                         [](json::object& secret) { setData(secret, "user", "edited"); });
  target.drop("user");
  (void)target.run();
  target.definition.type = "example.com/other";
  target.definition.recreate = true;
  target.redefine();
  (void)target.run();
  STRCMP_EQUAL("password=s3cret", target.data().c_str());

  bool removedByMergePatch = false;
  auto const sent = cluster().wire().sent();
  CHECK(sent.size() > 8);
  for (auto const& request : sent) {
    bool const metadataOnly =
        request.accept.find("as=PartialObjectMetadata") != std::string::npos ||
        request.accept.find("as=Table") != std::string::npos;
    CHECK_TEXT(metadataOnly, (request.method + " " + request.target).c_str());
    bool const null = request.body.find("null") != std::string::npos;
    bool const apply = request.contentType == "application/apply-patch+yaml";
    CHECK_TEXT(!(apply && null), request.target.c_str());
    removedByMergePatch |= null && request.contentType == "application/merge-patch+json";
  }
  CHECK(removedByMergePatch);
}

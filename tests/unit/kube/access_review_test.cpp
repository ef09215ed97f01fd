// SPDX-License-Identifier: Apache-2.0
#include "kube/access_review.hpp"

#include <algorithm>
#include <string>

#include "kube/rbac_rules.hpp"
#include "kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;

namespace {

core::Config configured() {
  core::Config config;
  auto target = std::make_shared<core::TargetDefinition>();
  target->id = {.namespaceName = "payments", .name = "db"};
  config.targets.push_back(target);
  return config;
}

}  // namespace

TEST_GROUP(AccessReview) {
  test::Bench bench;

  void answer(std::string body) { bench.script->reply({.status = 201, .body = std::move(body)}); }
};

TEST(AccessReview, FindsEveryRightThatIsPrinted) {
  auto const rights = rightsIn(rbacRules(
      configured(), {.kind = "ServiceAccount", .name = "daemon", .namespaceName = "ops"}));
  std::string all;
  for (auto const& right : rights) all += right.text() + "\n";
  STRCMP_EQUAL(R"(get secrets payments/db
patch secrets payments/db
create secrets payments/db
delete secrets payments/db
list secrets in payments
watch secrets in payments
create events in payments
patch events in payments
get leases.coordination.k8s.io kube-system/kms-secretd-default
update leases.coordination.k8s.io kube-system/kms-secretd-default
create leases.coordination.k8s.io in kube-system
create serviceaccounts/token ops/daemon
)",
               all.c_str());
}

TEST(AccessReview, AsksForTheSubresourceApart) {
  answer(R"({"kind":"SelfSubjectAccessReview","status":{"allowed":true}})");
  auto const reply = bench.client().mayI(
      {.verb = "create", .resource = "serviceaccounts/token", .namespaceName = "a", .name = "b"},
      bench.call());
  CHECK_TRUE(std::get<Access>(reply).allowed);
  auto const sent = bench.script->sent().back();
  STRCMP_EQUAL("POST", sent.method.c_str());
  STRCMP_EQUAL("/prefix/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
               sent.target.c_str());
  STRCMP_CONTAINS(
      R"("resourceAttributes":{"verb":"create","group":"","resource":"serviceaccounts",)"
      R"("subresource":"token","namespace":"a","name":"b"})",
      sent.body.c_str());
}

TEST(AccessReview, ANoIsAnAnswerAndNonsenseIsNone) {
  answer(R"({"status":{"allowed":false,"reason":"no such role"}})");
  auto const reply = bench.client().mayI({.verb = "get", .resource = "secrets"}, bench.call());
  CHECK_FALSE(std::get<Access>(reply).allowed);
  STRCMP_EQUAL("no such role", std::get<Access>(reply).reason.c_str());
  for (auto const* odd : {"[]", "{}", R"({"status":{"allowed":"yes"}})"}) {
    CHECK_FALSE(parseAccessReview(odd).has_value());
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "kube/secret_list.hpp"

#include <string>
#include <variant>

#include "kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;
using namespace kms_secretd::kube::test;
using core::KubeFailureKind;

namespace {

std::string object(std::string const& name) {
  return R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":")" +
         name + R"(","uid":"u-)" + name + R"(","resourceVersion":"5"}})";
}

std::string listOf(std::string const& items, std::string const& more = "") {
  return R"({"kind":"PartialObjectMetadataList","metadata":{"resourceVersion":"9","continue":")" +
         more + R"("},"items":[)" + items + "]}";
}

}  // namespace

TEST_GROUP(SecretList) {
  Bench bench;
  std::string seen{};

  core::KubeResult<bool> read() {
    SecretList const list(bench.client().connection(), bench.clock);
    return list.read(
        {.namespaceName = "shop", .labelSelector = "kms-secretd.io/instance=default"},
        [this](std::string_view name, core::Observed const& observed) {
          seen += std::string(name) + "=" + observed.uid + " ";
        },
        bench.call());
  }
  void checkFails(KubeFailureKind kind) {
    auto const result = read();
    auto const* failure = std::get_if<core::KubeFailure>(&result);
    CHECK(failure != nullptr);
    STRCMP_EQUAL(nameOf(kind), nameOf(failure->kind));
  }
};

TEST(SecretList, HandsOutTheSecretsOfAllPagesAndAsksForMetadataOnly) {
  bench.streams->reply(200, listOf(object("a") + "," + object("b"), "next/1"));
  bench.streams->reply(200, listOf(object("c")));
  CHECK(std::holds_alternative<bool>(read()));
  STRCMP_EQUAL("a=u-a b=u-b c=u-c ", seen.c_str());
  STRCMP_EQUAL(
      "/prefix/api/v1/namespaces/shop/secrets?limit=500&labelSelector="
      "kms-secretd.io%2Finstance%3Ddefault",
      bench.streams->targets().at(0).c_str());
  STRCMP_CONTAINS("&continue=next%2F1", bench.streams->targets().at(1).c_str());
  STRCMP_EQUAL("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
               bench.streams->accepts().at(0).c_str());
}

TEST(SecretList, SaysWhichRightIsMissing) {
  bench.streams->reply(
      403, R"({"kind":"Status","status":"Failure","reason":"Forbidden","code":403,)"
           R"("message":"secrets is forbidden: User \"x\" cannot list resource \"secrets\""})");
  auto const result = read();
  auto const& failure = std::get<core::KubeFailure>(result);
  CHECK(failure.kind == KubeFailureKind::forbidden);
  STRCMP_CONTAINS("list secrets in namespace shop", failure.remedy.c_str());
}

TEST(SecretList, AHalfListIsNoList) {
  bench.streams->cut(listOf(object("a")).substr(0, 60),
                     {.kind = sdk::FailureKind::unavailable, .message = "cut"});
  checkFails(KubeFailureKind::unavailable);
  bench.streams->reply(200, listOf(object("a")).substr(0, 60));
  checkFails(KubeFailureKind::invalid_response);
}

TEST(SecretList, AWholeSecretIsRefused) {
  bench.streams->reply(200, listOf(R"({"kind":"Secret","metadata":{"name":"a","uid":"u",)"
                                   R"("resourceVersion":"1"},"data":{"k":"dmFsdWU="}})"));
  checkFails(KubeFailureKind::invalid_response);
  STRCMP_EQUAL("", seen.c_str());
}

TEST(SecretList, APlaceThatTheServerForgotFailsAndIsNoEmptyList) {
  bench.streams->reply(200, listOf(object("a"), "old"));
  bench.streams->reply(410,
                       R"({"kind":"Status","reason":"Expired","code":410,"message":"too old"})");
  CHECK(std::holds_alternative<core::KubeFailure>(read()));
}

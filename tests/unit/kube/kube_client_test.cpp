// SPDX-License-Identifier: Apache-2.0
#include "kube/kube_client.hpp"

#include <string>
#include <vector>

#include "kube/json_read.hpp"
#include "kube_bench.hpp"
#include "platform/wait.hpp"
#include "real_replies.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;
using namespace kms_secretd::kube::test;
using core::KubeFailureKind;

namespace {

core::TargetId const target{.namespaceName = "payments", .name = "db"};
constexpr auto partial = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
constexpr auto table = "application/json;as=Table;v=v1;g=meta.k8s.io";
constexpr auto path = "/prefix/api/v1/namespaces/payments/secrets/db";
constexpr auto uid = "95a9dc72-9121-4855-8fc7-a74a241b6503";

apply::KeyChange change(std::string const& resourceVersion = "203") {
  return {.target = target,
          .uid = uid,
          .resourceVersion = resourceVersion,
          .fieldManager = "kms-secretd/default",
          .keys = {"a"}};
}

}  // namespace

TEST_GROUP(KubeClient) {
  Bench bench{};
  std::vector<core::RenderedKey> data{};

  void answer(int status, std::string_view body) {
    bench.script->reply({.status = status, .body = std::string(body)});
  }
  fakes::SentRequest sent(std::size_t index = 0) { return bench.script->sent().at(index); }

  void setup() override {
    data.push_back({.key = "a", .value = sdk::SecretBytes("canary-value-one")});
    data.push_back({.key = "b.c", .value = sdk::SecretBytes(std::string_view("\0\xFF", 2))});
  }
  // Whatever a test did: metadata was asked for, and by whom.
  void teardown() override {
    for (auto const& request : bench.script->sent()) {
      auto const accept = request.header("Accept");
      bool const secrets = request.target.find("/secrets") != std::string::npos;
      CHECK(!secrets || accept == partial || accept == table);
      STRCMP_EQUAL("kms-secretd/test", request.header("User-Agent").c_str());
      STRCMP_EQUAL("Bearer canary-token", request.header("Authorization").c_str());
      CHECK(request.body.find("canary-token") == std::string::npos);
    }
  }
  apply::ApplyRequest request() const {
    apply::ApplyRequest wanted;
    wanted.target = target;
    wanted.fieldManager = "kms-secretd/default";
    wanted.type = "Opaque";
    wanted.labels = {{"kms-secretd.io/instance", "default"}};
    wanted.annotations = {{"kms-secretd.io/keys", "a,\"b\""}};
    wanted.data = data;
    return wanted;
  }
};

TEST(KubeClient, ObservesThroughATableOfMetadata) {
  answer(200, tableReply);
  auto const observed = std::get<core::Observed>(bench.client().observe(target, bench.call()));
  STRCMP_EQUAL("Opaque", observed.type->c_str());
  STRCMP_EQUAL("GET", sent().method.c_str());
  STRCMP_EQUAL((std::string(path) + "?includeObject=Metadata").c_str(), sent().target.c_str());
  STRCMP_EQUAL(table, sent().header("accept").c_str());
}

TEST(KubeClient, TakesAnAbsentSecretForAnAnswer) {
  answer(404, noSecretReply);
  auto const observed = std::get<core::Observed>(bench.client().observe(target, bench.call()));
  CHECK_FALSE(observed.exists);
  CHECK_FALSE(observed.namespaceAbsent);
  answer(404, noNamespaceReply);
  CHECK(std::get<core::Observed>(bench.client().observe(target, bench.call())).namespaceAbsent);
  answer(404, noSecretReply);
  CHECK_FALSE(
      std::get<core::Observed>(bench.client().observeMetadata(target, bench.call())).exists);
}

TEST(KubeClient, TakesA404OfSomebodyElseForNoAnswer) {
  answer(404, "404 page not found");
  auto const failure = failureIn(bench.client().observe(target, bench.call()));
  CHECK(failure.kind == KubeFailureKind::invalid_response);
}

TEST(KubeClient, AppliesWithValuesByteExact) {
  answer(201, metadataReply);
  auto const reply = std::get<apply::ApplyReply>(bench.client().apply(request(), bench.call()));
  CHECK(reply.created);
  STRCMP_EQUAL("203", reply.object.resourceVersion.c_str());
  STRCMP_EQUAL("PATCH", sent().method.c_str());
  STRCMP_EQUAL((std::string(path) + "?fieldManager=kms-secretd%2Fdefault").c_str(),
               sent().target.c_str());
  STRCMP_EQUAL("application/apply-patch+yaml", sent().header("Content-Type").c_str());
  STRCMP_EQUAL(partial, sent().header("Accept").c_str());
  STRCMP_EQUAL(
      R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"db","namespace":"payments",)"
      R"("labels":{"kms-secretd.io/instance":"default"},)"
      R"("annotations":{"kms-secretd.io/keys":"a,\"b\""}},"type":"Opaque",)"
      R"("data":{"a":"Y2FuYXJ5LXZhbHVlLW9uZQ==","b.c":"AP8="}})",
      sent().body.c_str());
}

TEST(KubeClient, AppliesUnderPreconditionsForceAndDryRun) {
  answer(200, metadataReply);
  auto wanted = request();
  wanted.uid = "u";
  wanted.resourceVersion = "7";
  wanted.force = true;
  wanted.dryRun = true;
  CHECK_FALSE(std::get<apply::ApplyReply>(bench.client().apply(wanted, bench.call())).created);
  CHECK(sent().target.ends_with("&force=true&dryRun=All"));
  CHECK(sent().body.find(R"("uid":"u","resourceVersion":"7")") != std::string::npos);
}

TEST(KubeClient, TakesTheDryRunOfANewObjectWithoutAResourceVersion) {
  auto const* const storedNowhere =
      R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1",)"
      R"("metadata":{"name":"db","namespace":"payments","uid":"u"}})";
  auto wanted = request();
  wanted.dryRun = true;
  answer(201, storedNowhere);
  CHECK(std::get<apply::ApplyReply>(bench.client().apply(wanted, bench.call())).created);
  wanted.dryRun = false;
  answer(201, storedNowhere);
  auto const real = bench.client().apply(wanted, bench.call());
  CHECK(std::get<core::KubeFailure>(real).kind == core::KubeFailureKind::invalid_response);
}

TEST(KubeClient, WithdrawsWithAnApplyThatDeclaresNothing) {
  answer(200, metadataReply);
  apply::ApplyRequest nothing;
  nothing.target = target;
  nothing.fieldManager = "kms-secretd/default";
  CHECK(std::holds_alternative<apply::ApplyReply>(bench.client().apply(nothing, bench.call())));
  STRCMP_EQUAL(
      R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"db","namespace":"payments"}})",
      sent().body.c_str());
}

TEST(KubeClient, NeverLetsACreateBeSentTwice) {
  answer(201, metadataReply);
  CHECK(std::holds_alternative<apply::ApplyReply>(bench.client().apply(request(), bench.call())));
  CHECK_FALSE(sent().idempotent);
  answer(200, metadataReply);
  auto update = request();
  update.uid = "u";
  CHECK(std::holds_alternative<apply::ApplyReply>(bench.client().apply(update, bench.call())));
  CHECK(sent(1).idempotent);
}

TEST(KubeClient, B11_SendsTheSameTextForTheSameSecretWheneverItIs) {
  answer(200, metadataReply);
  answer(200, metadataReply);
  CHECK(std::holds_alternative<apply::ApplyReply>(bench.client().apply(request(), bench.call())));
  bench.clock.advance(std::chrono::hours(24));
  CHECK(std::holds_alternative<apply::ApplyReply>(bench.client().apply(request(), bench.call())));
  STRCMP_EQUAL(sent(0).body.c_str(), sent(1).body.c_str());
  STRCMP_EQUAL(sent(0).target.c_str(), sent(1).target.c_str());
}

TEST(KubeClient, B12_UpdatesWithOneRequestAndNoCreateBeforeIt) {
  answer(200, metadataReply);
  auto update = request();
  update.uid = uid;
  update.resourceVersion = "203";
  CHECK(std::holds_alternative<apply::ApplyReply>(bench.client().apply(update, bench.call())));
  CHECK_EQUAL(1U, bench.script->count());
  STRCMP_EQUAL("PATCH", sent().method.c_str());
}

TEST(KubeClient, HandsConflictsOn) {
  answer(409, conflictReply);
  auto const failure = failureIn(bench.client().apply(request(), bench.call()));
  CHECK(failure.kind == KubeFailureKind::contested);
  CHECK_EQUAL(2U, failure.conflicts.size());
}

TEST(KubeClient, ShowsNoValueThatTheServerQuotes) {
  for (auto const* quoted :
       {"canary-value-one", "Y2FuYXJ5LXZhbHVlLW9uZQ==", "anary-va", "YXJ5LXZhbHVl"}) {
    for (int const status : {400, 403, 409, 422, 500}) {
      answer(status, R"({"kind":"Status","message":"unable to decode: |)" + std::string(quoted) +
                         R"(|","details":{"causes":[{"field":"spec","message":")" + quoted +
                         R"("}]}})");
      auto const text = shown(failureIn(bench.client().apply(request(), bench.call())));
      CHECK_TEXT(text.find(quoted) == std::string::npos, text.c_str());
    }
  }
}

TEST(KubeClient, RefusesAWholeSecretAndGarbageAsReply) {
  for (
      auto const* body :
      {R"({"kind":"Secret","apiVersion":"v1","metadata":{"uid":"u","resourceVersion":"1"},"data":{"a":"Y2FuYXJ5"}})",
       "", "null", "<html>", "{\"kind\":\"PartialObjectMetadata\"}"}) {
    for (int call = 0; call < 3; ++call) answer(200, body);
    auto const get = failureIn(bench.client().observe(target, bench.call()));
    auto const applied = failureIn(bench.client().apply(request(), bench.call()));
    auto const removed = failureIn(bench.client().removeKeys(change(), bench.call()));
    for (auto const* failure : {&get, &applied, &removed}) {
      CHECK(failure->kind == KubeFailureKind::invalid_response);
      CHECK(shown(*failure).find("Y2Fu") == std::string::npos);
    }
  }
}

TEST(KubeClient, RemovesKeysByAMergePatchWithPreconditions) {
  answer(200, metadataReply);
  auto twoKeys = change();
  twoKeys.keys = {"a", "x\"y"};
  CHECK(std::holds_alternative<core::Observed>(bench.client().removeKeys(twoKeys, bench.call())));
  STRCMP_EQUAL("PATCH", sent().method.c_str());
  STRCMP_EQUAL("application/merge-patch+json", sent().header("Content-Type").c_str());
  STRCMP_EQUAL((R"({"metadata":{"uid":")" + std::string(uid) +
                R"(","resourceVersion":"203"},"data":{"a":null,"x\"y":null}})")
                   .c_str(),
               sent().body.c_str());
}

TEST(KubeClient, ReleasesKeysByReplacingManagedFields) {
  std::string held(metadataReply);
  held.insert(
      held.find("\"managedFields\": [") + 18,
      R"({"manager":"kubectl","operation":"Update","fieldsV1":{"f:data":{".":{},"f:a":{}},"f:type":{}}},)");
  answer(200, held);
  answer(200, metadataReply);
  CHECK(std::holds_alternative<core::Observed>(bench.client().releaseKeys(change(), bench.call())));
  STRCMP_EQUAL("GET", sent(0).method.c_str());
  STRCMP_EQUAL(partial, sent(0).header("Accept").c_str());
  STRCMP_EQUAL("application/merge-patch+json", sent(1).header("Content-Type").c_str());
  auto const body = parseJson(sent(1).body)->get_object().at("metadata").get_object();
  CHECK(textOf(body, "uid") == uid);
  CHECK(textOf(body, "resourceVersion") == "203");
  auto const& entries = body.at("managedFields").get_array();
  CHECK_EQUAL(2U, entries.size());
  CHECK(
      sent(1).body.find(R"({"manager":"kubectl","operation":"Update","fieldsV1":{"f:type":{}}})") !=
      std::string::npos);
}

TEST(KubeClient, ReleasesNothingWithoutAPatch) {
  answer(200, metadataReply);
  auto const observed =
      std::get<core::Observed>(bench.client().releaseKeys(change(), bench.call()));
  STRCMP_EQUAL("203", observed.resourceVersion.c_str());
  CHECK_EQUAL(1U, bench.script->count());
}

TEST(KubeClient, ReleasesNothingOfAnObjectThatChanged) {
  answer(200, metadataReply);
  auto failure = failureIn(bench.client().releaseKeys(change("202"), bench.call()));
  CHECK(failure.kind == KubeFailureKind::changed);
  answer(404, noSecretReply);
  failure = failureIn(bench.client().releaseKeys(change(), bench.call()));
  CHECK(failure.kind == KubeFailureKind::changed);
  CHECK_EQUAL(2U, bench.script->count());
}

TEST(KubeClient, DeletesWithPreconditions) {
  answer(200, deletedReply);
  CHECK(std::get<bool>(bench.client().remove(change(), bench.call())));
  STRCMP_EQUAL("DELETE", sent().method.c_str());
  STRCMP_EQUAL((R"({"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":")" +
                std::string(uid) + R"(","resourceVersion":"203"}})")
                   .c_str(),
               sent().body.c_str());
}

TEST(KubeClient, TakesAnAbsentSecretForDeletedByOthers) {
  answer(404, noSecretReply);
  CHECK_FALSE(std::get<bool>(bench.client().remove(change(), bench.call())));
  answer(404, noNamespaceReply);
  CHECK_FALSE(std::get<bool>(bench.client().remove(change(), bench.call())));
  answer(409, modifiedReply);
  CHECK(failureIn(bench.client().remove(change(), bench.call())).kind == KubeFailureKind::changed);
}

TEST(KubeClient, EncodesNamesThatAreNoNames) {
  answer(404, noSecretReply);
  static_cast<void>(bench.client().observe(
      {.namespaceName = "../../x?", .name = "a/b c%\r\n\xC3\xA4"}, bench.call()));
  STRCMP_EQUAL(
      "/prefix/api/v1/namespaces/..%2F..%2Fx%3F/secrets/a%2Fb%20c%25%0D%0A%C3%A4"
      "?includeObject=Metadata",
      sent().target.c_str());
}

TEST(KubeClient, EndsARequestAtTheCallsDeadlineOrAfterTheClustersTimeout) {
  answer(200, tableReply);
  answer(200, tableReply);
  auto const far = bench.clock.boot() + std::chrono::hours(1);
  static_cast<void>(bench.client().observe(target, {.deadline = far, .cancellation = nullptr}));
  CHECK(sent(0).deadline == bench.clock.boot() + bench.cluster().timeout);
  static_cast<void>(bench.client().observe(target, bench.call()));
  CHECK(sent(1).deadline == bench.call().deadline);
}

TEST(KubeClient, HandsOnWhatTheTransportSays) {
  bench.script->fail({.kind = sdk::FailureKind::timed_out, .message = "too slow"});
  auto failure = failureIn(bench.client().apply(request(), bench.call()));
  CHECK(failure.kind == KubeFailureKind::timed_out);
  STRCMP_EQUAL("cannot patch secrets payments/db: too slow", failure.message.c_str());
  bench.script->fail({.kind = sdk::FailureKind::internal, .code = platform::cancelledCode});
  failure = failureIn(bench.client().remove(change(), bench.call()));
  CHECK(failure.kind == KubeFailureKind::cancelled);
}

TEST(KubeClient, ReadsTheServersVersion) {
  answer(200, R"({"major":"1","minor":"27+","gitVersion":"v1.27.3-gke.100"})");
  auto const version = std::get<ServerVersion>(bench.client().serverVersion(bench.call()));
  CHECK_EQUAL(27, version.minor);
  STRCMP_EQUAL("/prefix/version", sent().target.c_str());
  answer(200, "[]");
  CHECK(failureIn(bench.client().serverVersion(bench.call())).kind ==
        KubeFailureKind::invalid_response);
}

TEST(KubeClient, AsksForATokenOfAServiceAccount) {
  answer(
      201,
      R"({"kind":"TokenRequest","status":{"token":"canary.jwt","expirationTimestamp":"2027-01-15T09:00:00Z"}})");
  auto const result = bench.client().requestToken({.namespaceName = "payments",
                                                   .serviceAccount = "robot",
                                                   .audience = "sts.aliyuncs.com",
                                                   .deadline = bench.call().deadline});
  auto const& token = std::get<sdk::ServiceAccountToken>(result);
  CHECK(token.token.reveal() == "canary.jwt");
  CHECK(token.expiresAt - bench.clock.wall() == std::chrono::hours(1));
  STRCMP_EQUAL("POST", sent().method.c_str());
  STRCMP_EQUAL("/prefix/api/v1/namespaces/payments/serviceaccounts/robot/token",
               sent().target.c_str());
  STRCMP_EQUAL(
      R"({"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["sts.aliyuncs.com"],"expirationSeconds":3600}})",
      sent().body.c_str());
}

TEST(KubeClient, AsksForAtLeastTenMinutesAndForNoAudienceUnlessTold) {
  answer(201, R"({"status":{"token":"canary.jwt"}})");
  auto const failure = failureIn(bench.client().requestToken(
      {.lifetime = sdk::Milliseconds(1000), .deadline = bench.call().deadline}));
  CHECK(failure.kind == KubeFailureKind::invalid_response);
  CHECK(shown(failure).find("canary") == std::string::npos);
  CHECK(sent().body.find(R"("spec":{"expirationSeconds":600})") != std::string::npos);
}

TEST(KubeClient, NamesTheRightThatATokenNeeds) {
  answer(403, R"({"kind":"Status","message":"x cannot create y"})");
  auto const failure = failureIn(bench.client().requestToken(
      {.namespaceName = "n", .serviceAccount = "s", .deadline = bench.call().deadline}));
  CHECK(failure.remedy.find("create serviceaccounts/token named s in namespace n") !=
        std::string::npos);
}

// SPDX-License-Identifier: Apache-2.0
#include "kube/lease.hpp"

#include <string>

#include "kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;
using namespace kms_secretd::kube::test;
using namespace std::chrono_literals;
using core::KubeFailureKind;

namespace {

core::LeasePlace const place{.namespaceName = "kube-system", .name = "kms-secretd-default"};
constexpr auto path =
    "/prefix/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kms-secretd-default";
constexpr auto held = R"({"kind":"Lease","apiVersion":"coordination.k8s.io/v1",
  "metadata":{"name":"kms-secretd-default","namespace":"kube-system","uid":"u-1",
    "resourceVersion":"7","labels":{"team":"a"},"annotations":{"a":"1"},
    "managedFields":[{"manager":"x"}]},
  "spec":{"holderIdentity":"node_1","leaseDurationSeconds":15,
    "acquireTime":"2026-11-24T01:34:13.250000Z","renewTime":"2026-11-24T01:35:13.250000Z",
    "leaseTransitions":3,"strategy":"OldestEmulationVersion"}})";

}  // namespace

TEST_GROUP(Lease) {
  Bench bench{};
  Lease read() { return *parseLease(held); }
};

TEST(Lease, IsReadWithAllThatTheElectionNeeds) {
  auto const lease = read();
  STRCMP_EQUAL("node_1", lease.record.holder.c_str());
  CHECK_TRUE(lease.record.duration == 15s);
  LONGS_EQUAL(3, lease.record.transitions);
  STRCMP_EQUAL("2026-11-24T01:35:13.250000Z", lease.record.renewTime.c_str());
  STRCMP_EQUAL("7", lease.resourceVersion.c_str());
  STRCMP_EQUAL("1", lease.annotations.at("a").c_str());
}

TEST(Lease, WithoutASpecIsHeldByNobody) {
  auto const lease = parseLease(R"({"kind":"Lease","metadata":{"resourceVersion":"7"}})");
  CHECK_TRUE(lease.has_value());
  STRCMP_EQUAL("", lease->record.holder.c_str());
}

TEST(Lease, IsNothingElse) {
  for (auto const* text :
       {"", "{", "[]", R"({"kind":"Lease"})", R"({"kind":"Lease","metadata":{}})",
        R"({"kind":"Secret","metadata":{"resourceVersion":"7"}})",
        R"({"kind":"Lease","metadata":{"resourceVersion":7}})"}) {
    CHECK_FALSE(parseLease(text).has_value());
  }
  auto const odd = parseLease(R"({"kind":"Lease","metadata":{"resourceVersion":"7",
    "annotations":[1]},"spec":{"holderIdentity":1,"leaseDurationSeconds":"x"}})");
  CHECK_TRUE(odd.has_value());
  CHECK_TRUE(odd->record.duration == 0s);
}

TEST(Lease, GoesBackWithWhatOthersKeepInIt) {
  auto lease = read();
  lease.record.holder = "node_2";
  lease.annotations = {{"b", "2"}};
  auto const request = writeLeaseRequest(place, lease);
  STRCMP_EQUAL("PUT", request.method.c_str());
  CHECK_FALSE(request.idempotent);
  std::string const body(request.body.reveal());
  for (auto const* part :
       {R"("team":"a")", R"("strategy":"OldestEmulationVersion")", R"("uid":"u-1")",
        R"("resourceVersion":"7")", R"("holderIdentity":"node_2")", R"("annotations":{"b":"2"})",
        R"("leaseDurationSeconds":15)", R"("acquireTime":"2026-11-24T01:34:13.250000Z")"}) {
    STRCMP_CONTAINS(part, body.c_str());
  }
  CHECK_TRUE(body.find("managedFields") == std::string::npos);
}

TEST(Lease, IsCreatedWhereItIsNotThere) {
  Lease fresh;
  fresh.record = {.holder = "node_1", .duration = 15s};
  auto const request = writeLeaseRequest(place, fresh);
  STRCMP_EQUAL("POST", request.method.c_str());
  STRCMP_EQUAL("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases",
               request.target.c_str());
  CHECK_TRUE(request.body.reveal().find("resourceVersion") == std::string_view::npos);
  CHECK_TRUE(request.body.reveal().find("Time") == std::string_view::npos);
}

TEST(Lease, IsAskedForByName) {
  bench.script->reply({.status = 200, .body = held});
  auto const result = bench.client().readLease(place, bench.call());
  CHECK_TRUE(std::get<std::optional<Lease>>(result).has_value());
  STRCMP_EQUAL(path, bench.script->sent().front().target.c_str());
}

TEST(Lease, ThatIsAbsentIsAnAnswer) {
  bench.script->reply(
      {.status = 404, .body = R"({"kind":"Status","status":"Failure","reason":"NotFound",
    "message":"leases not found","details":{"kind":"leases"},"code":404})"});
  auto const result = bench.client().readLease(place, bench.call());
  CHECK_FALSE(std::get<std::optional<Lease>>(result).has_value());
}

TEST(Lease, ThatAnotherWroteFirstIsChanged) {
  bench.script->reply(
      {.status = 409, .body = R"({"kind":"Status","status":"Failure","reason":"Conflict",
    "message":"the object has been modified","details":{"kind":"leases"},"code":409})"});
  auto const result = bench.client().writeLease(place, read(), bench.call());
  CHECK_TRUE(failureIn(result).kind == KubeFailureKind::changed);
}

TEST(Lease, NamesTheRightThatIsMissing) {
  bench.script->reply(
      {.status = 403, .body = R"({"kind":"Status","status":"Failure","reason":"Forbidden",
    "message":"User \"x\" cannot update resource \"leases\"","code":403})"});
  auto const result = bench.client().writeLease(place, read(), bench.call());
  CHECK_TRUE(failureIn(result).kind == KubeFailureKind::forbidden);
  STRCMP_CONTAINS("update leases named kms-secretd-default in namespace kube-system",
                  failureIn(result).remedy.c_str());
}

TEST(Lease, HasTimesAsKubernetesWritesThem) {
  STRCMP_EQUAL("2027-01-15T08:00:00.000000Z", microTime(bench.clock.wall()).c_str());
  bench.clock.advance(1'001ms);
  STRCMP_EQUAL("2027-01-15T08:00:01.001000Z", microTime(bench.clock.wall()).c_str());
}

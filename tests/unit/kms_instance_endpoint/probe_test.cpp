// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <vector>

#include "store.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_instance_endpoint;
using namespace std::chrono_literals;

TEST_GROUP(InstanceProbe) {
  Store store;

  sdk::Result<sdk::ProbeReport> probe(bool identity, std::vector<std::string> names = {}) {
    return store.backend().probe({.wantsIdentity = identity,
                                  .names = std::move(names),
                                  .deadline = store.host.clock().boot() + 1h});
  }
};

TEST(InstanceProbe, AnAnswerToASignedRequestShowsThatTheKeyIsTaken) {
  for (auto const* code : {"Forbidden.ResourceNotFound", "Forbidden.NoPermission"}) {
    store.refuse(404, code);
    auto const report = probe(true);
    STRCMP_EQUAL("the client key KAAP.unit-test-0001", report.value().identity.c_str());
    STRCMP_EQUAL("", report.value().note.c_str());
    CHECK(report.value().clockOffset == 0ms);
    CHECK(report.value().expiresAt.has_value());
  }
}

TEST(InstanceProbe, ARefusedKeyIsNoUsableCredential) {
  store.refuse(401, "Unauthorized");
  CHECK(probe(true).failure().kind == sdk::FailureKind::unauthenticated);
}

TEST(InstanceProbe, AKeyThatCannotBeReadIsNoUsableCredential) {
  store.host.source("password").set("wrong");
  auto const failure = probe(true, {"a"}).failure();
  CHECK(failure.kind == sdk::FailureKind::unauthenticated);
  CHECK(failure.message.starts_with("the password of the client key is wrong"));
  LONGS_EQUAL(0, store.gateway().count());
}

TEST(InstanceProbe, AnInstanceThatCannotBeReachedIsSaidAsSuch) {
  store.gateway().fail({.kind = sdk::FailureKind::unavailable,
                        .message = "the server's certificate is not trusted"});
  auto const report = probe(true);
  STRCMP_EQUAL("", report.value().identity.c_str());
  CHECK(report.value().note.find("the server's certificate is not trusted") != std::string::npos);
  CHECK_FALSE(report.value().clockOffset.has_value());
}

TEST(InstanceProbe, ReadsEachSecretAndHandsOutNoValue) {
  store.succeed();
  store.refuse(403, "Forbidden.NoPermission");
  auto const report = probe(false, {"app/db", "other"});
  LONGS_EQUAL(2, store.gateway().count());
  auto const& secrets = report.value().secrets;
  CHECK_FALSE(secrets.at(0).failure.has_value());
  CHECK(secrets.at(1).failure->kind == sdk::FailureKind::permission_denied);
}

TEST(InstanceProbe, AHostsWrongClockShows) {
  store.host.time().setWall(store.host.time().wall() - 5min);
  store.refuse(404, "Forbidden.ResourceNotFound");
  CHECK(probe(true).value().clockOffset == 5min);
}

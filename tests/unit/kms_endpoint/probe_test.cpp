// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>

#include "store.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_endpoint;
using namespace std::chrono_literals;

TEST_GROUP(Probe) {
  Store store;

  fakes::TransportScript& sts() { return store.host.peer("sts-vpc.cn-hangzhou.aliyuncs.com"); }
  sdk::Result<sdk::ProbeReport> probe(std::vector<std::string> names) {
    KmsEndpoint backend(store.options, store.host);
    return backend.probe({.names = std::move(names), .deadline = store.host.clock().boot() + 1h});
  }
};

TEST(Probe, SaysWhoWeAreAndWhatMayBeRead) {
  sts().reply({.body = R"({"Arn":"acs:ram::1:user/u"})", .headers = {{"Date", hostsDate}}});
  store.refuse(400, "DryRunOperationError");
  store.refuse(403, "Forbidden.NoPermission");
  store.refuse(404, "Forbidden.ResourceNotFound");
  auto const report = probe({"a", "b", "c"});
  STRCMP_EQUAL("acs:ram::1:user/u", report.value().identity.c_str());
  CHECK(report.value().clockOffset == 0ms);
  auto const& secrets = report.value().secrets;
  CHECK_FALSE(secrets.at(0).failure.has_value());
  CHECK(secrets.at(1).failure->kind == sdk::FailureKind::permission_denied);
  CHECK(secrets.at(2).failure->kind == sdk::FailureKind::not_found);
  CHECK(store.gateway().sent().at(0).target.find("DryRun=true") != std::string::npos);
}

TEST(Probe, AServiceThatKnowsNoDryRunStillAnswersWhetherItMayBeRead) {
  sts().reply({.status = 500});
  store.succeed();
  auto const report = probe({"a"});
  CHECK(report.value().identity.empty());
  CHECK(report.value().note.find("STS GetCallerIdentity") != std::string::npos);
  CHECK_FALSE(report.value().secrets.at(0).failure.has_value());
}

TEST(Probe, FailsWithoutACredential) {
  store.host.source("secret").fail({.kind = sdk::FailureKind::not_found, .message = "gone"});
  auto const report = probe({"a"});
  CHECK(report.failure().kind == sdk::FailureKind::unauthenticated);
  LONGS_EQUAL(0, store.gateway().count());
}

TEST(Probe, AFetchNeverAsksByDryRun) {
  store.succeed();
  CHECK(store.fetch().ok());
  CHECK(store.gateway().sent().at(0).target.find("DryRun") == std::string::npos);
}

// SPDX-License-Identifier: Apache-2.0
#include "report/reporter.hpp"

#include <string>

#include "fakes/manual_clock.hpp"
#include "fakes/recording_sink.hpp"

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;
namespace report = kms_secretd::report;
namespace sdk = kms_secretd::sdk;
using core::OutcomeKind;
using namespace std::chrono_literals;

TEST_GROUP(Reporter) {
  kms_secretd::fakes::ManualClock clock;
  kms_secretd::fakes::RecordingSink sink;
  report::Reporter reporter{sink, clock};

  core::Outcome of(OutcomeKind kind) {
    core::Outcome outcome{.target = {.namespaceName = "payments", .name = "db"}, .kind = kind};
    outcome.record.versions = {
        {.source = {.store = "shared", .name = "prod/db"}, .versionId = "v2"}};
    return outcome;
  }
  core::Outcome fetchFailure(sdk::FailureKind kind, std::string code) {
    auto outcome = of(OutcomeKind::fetch_failed);
    outcome.source = core::SourceRef{.store = "shared", .name = "prod/db"};
    outcome.fetchFailure = sdk::Failure{.kind = kind,
                                        .code = std::move(code),
                                        .message = "grant kms:GetSecretValue on it",
                                        .requestId = "6a3e"};
    return outcome;
  }
};

TEST(Reporter, SaysWhatWasWrittenAndFromWhichVersion) {
  reporter.outcome(of(OutcomeKind::created));
  CHECK_EQUAL(std::string("payments/db: created from shared/prod/db (version v2)"),
              sink.records.front().message);
  CHECK_TRUE(sink.records.front().event == report::EventId::secret_created);
}

TEST(Reporter, SaysNothingOfWhatIsUnchanged) {
  reporter.outcome(of(OutcomeKind::unchanged));
  CHECK_TRUE(sink.records.empty());
}

TEST(Reporter, SaysOnceWhatIsGoodToKnowThoughNothingChanged) {
  auto outcome = of(OutcomeKind::unchanged);
  outcome.notes = {"key 'x' is left out"};
  reporter.outcome(outcome);
  reporter.outcome(outcome);
  CHECK_EQUAL(1U, sink.records.size());
  CHECK_EQUAL(
      std::string("payments/db: in sync from shared/prod/db (version v2); key 'x' is left out"),
      sink.records.front().message);
  CHECK_EQUAL(1U, reporter.status().find(outcome.target)->remarks->notes.size());
  outcome.notes.clear();
  reporter.outcome(outcome);
  CHECK_EQUAL(2U, sink.records.size());
}

TEST(Reporter, SaysWhatFailedWhereWhyAndWhatToDo) {
  reporter.outcome(fetchFailure(sdk::FailureKind::permission_denied, "Forbidden.NoPermission"));
  CHECK_EQUAL(std::string("payments/db: cannot read shared/prod/db (permission_denied, "
                          "Forbidden.NoPermission, request 6a3e): grant kms:GetSecretValue on it; "
                          "the Secret keeps its last good value"),
              sink.records.front().message);
  CHECK_EQUAL(std::string("6a3e"), sink.lastField("KMS_SECRETD_REQUEST_ID"));
  CHECK_EQUAL(std::string("shared"), sink.lastField("KMS_SECRETD_STORE"));
}

TEST(Reporter, SaysAFailureOnceAndAgainEachHour) {
  for (int i = 0; i < 10; ++i) {
    reporter.outcome(fetchFailure(sdk::FailureKind::unavailable, ""));
    clock.advance(5min);
  }
  CHECK_EQUAL(1U, sink.records.size());
  clock.advance(15min);
  reporter.outcome(fetchFailure(sdk::FailureKind::unavailable, ""));
  CHECK_EQUAL(2U, sink.records.size());
}

TEST(Reporter, SaysAtOnceThatTheCauseChanged) {
  reporter.outcome(fetchFailure(sdk::FailureKind::unavailable, ""));
  reporter.outcome(fetchFailure(sdk::FailureKind::not_found, "Forbidden.ResourceNotFound"));
  CHECK_EQUAL(2U, sink.records.size());
}

TEST(Reporter, SaysThatATargetRecovered) {
  reporter.outcome(fetchFailure(sdk::FailureKind::unavailable, ""));
  reporter.outcome(of(OutcomeKind::unchanged));
  CHECK_TRUE(sink.records.back().event == report::EventId::secret_recovered);
  reporter.outcome(of(OutcomeKind::unchanged));
  CHECK_EQUAL(2U, sink.records.size());
}

TEST(Reporter, NamesTheManagersOfAContest) {
  auto outcome = of(OutcomeKind::apply_failed);
  outcome.kubeFailure = core::KubeFailure{.kind = core::KubeFailureKind::contested,
                                          .message = "keys are held by others",
                                          .conflicts = {{"kubectl-edit", ".data.password"}}};
  reporter.outcome(outcome);
  CHECK_TRUE(sink.records.front().event == report::EventId::secret_contested);
  CHECK_TRUE(sink.records.front().message.find(".data.password is held by kubectl-edit") !=
             std::string::npos);
}

TEST(Reporter, SaysOfAHealThatIsUndoneAgainAndAgainThatItIsContested) {
  auto outcome = of(OutcomeKind::healed);
  outcome.message = "held: password by kubectl-edit";
  reporter.outcome(outcome);
  CHECK_TRUE(sink.records.back().event == report::EventId::secret_healed);
  outcome.contested = true;
  reporter.outcome(outcome);
  CHECK_TRUE(sink.records.back().event == report::EventId::secret_contested);
  STRCMP_CONTAINS("held: password by kubectl-edit; contested", sink.records.back().message.c_str());
}

TEST(Reporter, SaysNothingOfARoundThatTheStopCutShort) {
  reporter.outcome(of(OutcomeKind::cancelled));
  CHECK_TRUE(sink.records.empty());
}

TEST(Reporter, SaysOnceThatKmsCannotRotateASourceAnyMore) {
  auto outcome = of(OutcomeKind::unchanged);
  core::SourceRotation rotation{.source = {.store = "shared", .name = "rds"}, .broken = true};
  outcome.record.rotations = {rotation};
  reporter.outcome(outcome);
  outcome.target.name = "another";
  reporter.outcome(outcome);
  CHECK_EQUAL(1U, sink.records.size());
  CHECK_TRUE(sink.records.front().event == report::EventId::rotation_broken);
  CHECK_TRUE(sink.records.front().message.find("KMS cannot rotate shared/rds any more") !=
             std::string::npos);
  outcome.record.rotations.front().broken = false;
  reporter.outcome(outcome);
  outcome.record.rotations.front().broken = true;
  reporter.outcome(outcome);
  CHECK_EQUAL(2U, sink.records.size());
}

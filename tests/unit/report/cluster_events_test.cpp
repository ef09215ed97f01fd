// SPDX-License-Identifier: Apache-2.0
#include "report/cluster_events.hpp"

#include <string>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;
namespace report = kms_secretd::report;
namespace sdk = kms_secretd::sdk;
using core::KubeFailureKind;
using core::OutcomeKind;
using core::PlanReason;

TEST_GROUP(ClusterEvents){static core::Outcome of(OutcomeKind kind){
    core::Outcome outcome{.target = {.namespaceName = "payments", .name = "db"}, .kind = kind};
outcome.record.versions = {{.source = {.store = "shared", .name = "prod/db"}, .versionId = "v2"}};
outcome.uid = "u-1";
return outcome;
}
static core::Outcome kubeFailure(KubeFailureKind kind) {
  auto outcome = of(OutcomeKind::apply_failed);
  outcome.kubeFailure = core::KubeFailure{.kind = kind, .message = "m", .remedy = "r"};
  return outcome;
}
// "Warning Refused", or "" where nothing is told.
static std::string told(core::Outcome const& outcome, bool failedBefore = false) {
  auto const event = report::clusterEventOf(outcome, failedBefore);
  if (!event) return "";
  return (event->warning ? "Warning " : "Normal ") + event->reason;
}
}
;

TEST(ClusterEvents, SayWhatWasWrittenAboutWhichObjectAndFromWhichVersion) {
  auto const outcome = of(OutcomeKind::created);
  auto const event = report::clusterEventOf(outcome, false);
  STRCMP_EQUAL("payments", event->about.namespaceName.c_str());
  STRCMP_EQUAL("db", event->about.name.c_str());
  STRCMP_EQUAL("u-1", event->uid.c_str());
  STRCMP_EQUAL("Created from shared/prod/db (version v2)", report::messageOf(outcome).c_str());
  CHECK_FALSE(event->warning);
}

TEST(ClusterEvents, HaveAReasonForEachWayThatARoundEnds) {
  std::vector<std::pair<OutcomeKind, std::string>> const rows{
      {OutcomeKind::created, "Normal Created"},
      {OutcomeKind::updated, "Normal Updated"},
      {OutcomeKind::healed, "Normal Healed"},
      {OutcomeKind::adopted, "Normal Adopted"},
      {OutcomeKind::recreated, "Normal Recreated"},
      {OutcomeKind::unchanged, ""},
      {OutcomeKind::refused, "Warning Refused"},
      {OutcomeKind::held, "Warning Held"},
      {OutcomeKind::fetch_failed, "Warning FetchFailed"},
      {OutcomeKind::render_failed, "Warning RenderFailed"},
      {OutcomeKind::apply_failed, "Warning ApplyFailed"},
      {OutcomeKind::cancelled, ""}};
  for (auto const& [kind, expected] : rows) {
    auto outcome = of(kind);
    outcome.planReason = PlanReason::foreign;
    CHECK_EQUAL_TEXT(expected, told(outcome), nameOf(kind));
  }
}

TEST(ClusterEvents, TellThatAFailingSecretIsWellAgain) {
  STRCMP_EQUAL("Normal Recovered", told(of(OutcomeKind::unchanged), true).c_str());
}

TEST(ClusterEvents, CallAContestByItsNameHoweverItShows) {
  auto healed = of(OutcomeKind::healed);
  healed.contested = true;
  STRCMP_EQUAL("Warning Contested", told(healed).c_str());
  auto refused = of(OutcomeKind::refused);
  refused.planReason = PlanReason::contested;
  STRCMP_EQUAL("Warning Contested", told(refused).c_str());
  STRCMP_EQUAL("Warning Contested", told(kubeFailure(KubeFailureKind::contested)).c_str());
}

TEST(ClusterEvents, AreNotWrittenAboutTroubleOfTheServerItselfOrWhereNoneCanBeWritten) {
  for (auto const kind :
       {KubeFailureKind::changed, KubeFailureKind::namespace_absent,
        KubeFailureKind::unauthenticated, KubeFailureKind::throttled, KubeFailureKind::unavailable,
        KubeFailureKind::timed_out, KubeFailureKind::server_too_old, KubeFailureKind::cancelled}) {
    STRCMP_EQUAL_TEXT("", told(kubeFailure(kind)).c_str(), nameOf(kind));
  }
  for (auto const kind : {KubeFailureKind::forbidden, KubeFailureKind::invalid,
                          KubeFailureKind::foreign, KubeFailureKind::type_differs}) {
    STRCMP_EQUAL_TEXT("Warning ApplyFailed", told(kubeFailure(kind)).c_str(), nameOf(kind));
  }
  auto refused = of(OutcomeKind::refused);
  refused.planReason = PlanReason::namespace_absent;
  STRCMP_EQUAL("", told(refused).c_str());
}

TEST(ClusterEvents, SayWhyAndWhatToDoAndTheRequestThatFailed) {
  auto outcome = of(OutcomeKind::fetch_failed);
  outcome.source = core::SourceRef{.store = "shared", .name = "prod/db"};
  outcome.fetchFailure = sdk::Failure{.kind = sdk::FailureKind::permission_denied,
                                      .code = "Forbidden.NoPermission",
                                      .message = "grant kms:GetSecretValue on it",
                                      .requestId = "6a3e"};
  STRCMP_EQUAL(
      "Cannot read shared/prod/db (permission_denied, Forbidden.NoPermission, request 6a3e): grant "
      "kms:GetSecretValue on it; the Secret keeps its last good value",
      report::messageOf(outcome).c_str());
}

TEST(ClusterEvents, AreCutAtTheApisLengthAndNeverWithinACharacter) {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    auto outcome = of(OutcomeKind::render_failed);
    outcome.message = std::string(shift, 'x');
    for (int i = 0; i < 600; ++i) outcome.message += "\xC3\xA9";
    auto const message = report::messageOf(outcome);
    CHECK_TRUE(message.size() <= core::maxEventMessage);
    CHECK_TRUE(message.size() > core::maxEventMessage - 6);
    CHECK_TRUE(message.ends_with("\xC3\xA9..."));
  }
}

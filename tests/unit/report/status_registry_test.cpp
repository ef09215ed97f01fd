// SPDX-License-Identifier: Apache-2.0
#include "report/status_registry.hpp"

#include <string>

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;
namespace report = kms_secretd::report;
namespace sdk = kms_secretd::sdk;
using namespace std::chrono_literals;

TEST_GROUP(StatusRegistry) {
  report::StatusRegistry registry;
  sdk::WallTime now{1'790'000'000s};

  void good(char const* name) {
    registry.record({.target = {.namespaceName = "ns", .name = name}}, now);
  }
  void bad(char const* name) {
    core::Outcome outcome{.target = {.namespaceName = "ns", .name = name},
                          .kind = core::OutcomeKind::fetch_failed};
    outcome.fetchFailure =
        sdk::Failure{.kind = sdk::FailureKind::not_found, .code = "Forbidden.ResourceNotFound"};
    registry.record(outcome, now);
  }
};

TEST(StatusRegistry, SaysInOneLineThatAllIsWell) {
  good("a");
  good("b");
  CHECK_EQUAL(std::string("2 of 2 secrets in sync"), registry.summary(2));
}

TEST(StatusRegistry, NamesTheTargetThatFailedFirstWithCauseAndSince) {
  good("a");
  bad("old");
  now += 1h;
  bad("new");
  auto const text = registry.summary(3);
  CHECK_TRUE(text.find("1 of 3 secrets in sync, 2 failing: ns/old (not_found "
                       "Forbidden.ResourceNotFound) since 20") == 0);
}

TEST(StatusRegistry, SaysWhereToReadOnOnlyWhileSomethingFails) {
  good("a");
  STRCMP_EQUAL("", registry.advice().c_str());
  bad("b");
  STRCMP_CONTAINS("kms-secretctl status says why and what to do", registry.advice().c_str());
}

TEST(StatusRegistry, B29_SaysWhatWasNotLookedAtYet) {
  good("a");
  CHECK_EQUAL(std::string("1 of 5 secrets in sync, 4 not looked at yet"), registry.summary(5));
}

TEST(StatusRegistry, KeepsSinceWhileTheCauseIsTheSame) {
  bad("a");
  auto const since = registry.find({.namespaceName = "ns", .name = "a"})->since;
  now += 1h;
  bad("a");
  CHECK_TRUE(registry.find({.namespaceName = "ns", .name = "a"})->since == since);
}

TEST(StatusRegistry, KeepsTheLastSuccessThroughFailures) {
  good("a");
  auto const success = now;
  now += 1h;
  bad("a");
  CHECK_TRUE(registry.find({.namespaceName = "ns", .name = "a"})->lastSuccess == success);
}

TEST(StatusRegistry, ForgetsTargetsThatAreNoLongerDefined) {
  good("a");
  bad("b");
  registry.keepOnly({{.namespaceName = "ns", .name = "a"}});
  CHECK_EQUAL(std::string("1 of 1 secrets in sync"), registry.summary(1));
}

TEST(StatusRegistry, NamesWhoUndoesWhatWhileATargetIsContested) {
  core::Outcome outcome{.target = {.namespaceName = "ns", .name = "a"},
                        .kind = core::OutcomeKind::healed};
  outcome.message = "held: password by kubectl-edit";
  registry.record(outcome, now);
  STRCMP_EQUAL("1 of 1 secrets in sync", registry.summary(1).c_str());
  outcome.contested = true;
  registry.record(outcome, now);
  STRCMP_EQUAL("1 of 1 secrets in sync, 1 contested: ns/a (held: password by kubectl-edit)",
               registry.summary(1).c_str());
  outcome.contested = false;
  outcome.kind = core::OutcomeKind::unchanged;
  registry.record(outcome, now);
  STRCMP_EQUAL("1 of 1 secrets in sync", registry.summary(1).c_str());
}

TEST(StatusRegistry, SaysSinceWhenANewConfigurationIsRefusedUntilOneIsTaken) {
  good("a");
  registry.configurationRefused(now);
  auto const first = registry.summary(1);
  CHECK_TRUE(first.find("1 of 1 secrets in sync; the new configuration is refused since 20") == 0);
  now += 1h;
  registry.configurationRefused(now);
  CHECK_EQUAL(first, registry.summary(1));
  registry.configurationTaken();
  CHECK_EQUAL(std::string("1 of 1 secrets in sync"), registry.summary(1));
}

TEST(StatusRegistry, CountsTheTargetsWhoseRotationIsBroken) {
  core::Outcome outcome{.target = {.namespaceName = "ns", .name = "a"}};
  outcome.record.rotations = {{.source = {.store = "s", .name = "rds"}, .broken = true}};
  registry.record(outcome, now);
  good("b");
  CHECK_EQUAL(std::string("2 of 2 secrets in sync, 1 whose rotation is broken"),
              registry.summary(2));
  bad("a");
  CHECK_EQUAL(1U, registry.find({.namespaceName = "ns", .name = "a"})->remarks->rotations.size());
}

TEST(StatusRegistry, KeepsWhyAndWhatToDoWhileItFails) {
  bad("a");
  auto const* status = registry.find({.namespaceName = "ns", .name = "a"});
  STRCMP_CONTAINS("create the secret in the store", status->remarks->remedy.c_str());
  good("a");
  CHECK_TRUE(status->remarks->message.empty() && status->remarks->remedy.empty());
  LONGS_EQUAL(2, status->rounds);
}

TEST(StatusRegistry, RemembersTheLastChangesAndNotEveryRound) {
  good("a");
  good("a");
  auto const* status = registry.find({.namespaceName = "ns", .name = "a"});
  LONGS_EQUAL(1, status->history.size());
  for (int i = 0; i < 20; ++i) {
    bad("a");
    good("a");
  }
  LONGS_EQUAL(report::historySize, status->history.size());
  CHECK_TRUE(status->history.back().detail.empty());
}

TEST(StatusRegistry, RemembersWhichKeysAWriteChangedButNotThoseOfANewSecret) {
  core::Outcome outcome{.target = {.namespaceName = "ns", .name = "a"},
                        .kind = core::OutcomeKind::created};
  outcome.keyChanges = core::KeyChanges{.added = {"user"}};
  registry.record(outcome, now);
  outcome.kind = core::OutcomeKind::updated;
  outcome.keyChanges = core::KeyChanges{.changed = {"user"}};
  registry.record(outcome, now);
  auto const& history = registry.find(outcome.target)->history;
  STRCMP_EQUAL("", history.front().detail.c_str());
  STRCMP_EQUAL("keys changed: user", history.back().detail.c_str());
}

TEST(StatusRegistry, CountsTheTargetsThatFailAlike) {
  bad("a");
  bad("b");
  auto const key = report::alikeOf({.namespaceName = "ns", .name = "a"},
                                   *registry.find({.namespaceName = "ns", .name = "a"}));
  LONGS_EQUAL(2, registry.alike(key));
  bad("a");
  LONGS_EQUAL(2, registry.alike(key));
  good("a");
  LONGS_EQUAL(1, registry.alike(key));
  registry.keepOnly({});
  LONGS_EQUAL(0, registry.alike(key));
}

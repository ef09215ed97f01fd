// SPDX-License-Identifier: Apache-2.0
// What a night of trouble leaves in the journal, line by line. docs/operate.md tells the same.
#include <string>

#include "fakes/manual_clock.hpp"
#include "fakes/recording_sink.hpp"
#include "report/reporter.hpp"

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;
namespace report = kms_secretd::report;
namespace sdk = kms_secretd::sdk;
using core::OutcomeKind;
using namespace std::chrono_literals;
using report::EventId;

TEST_GROUP(Nights) {
  kms_secretd::fakes::ManualClock clock;
  kms_secretd::fakes::RecordingSink sink;
  report::Reporter reporter{sink, clock};

  static core::Outcome good(int secret, OutcomeKind kind = OutcomeKind::unchanged) {
    return {.target = {.namespaceName = "payments", .name = "db" + std::to_string(secret)},
            .kind = kind};
  }
  static core::Outcome bad(int secret, sdk::FailureKind kind = sdk::FailureKind::unavailable) {
    auto outcome = good(secret, OutcomeKind::fetch_failed);
    outcome.source = core::SourceRef{.store = "shared", .name = "prod/db"};
    outcome.fetchFailure = sdk::Failure{.kind = kind, .message = "no answer"};
    return outcome;
  }
  void pass(sdk::Milliseconds time) {
    clock.advance(time);
    reporter.look();
  }
  void round(core::Outcome const& outcome) {
    reporter.outcome(outcome);
    reporter.look();
  }
  std::size_t lines(EventId event) const {
    std::size_t count = 0;
    for (auto const& line : sink.records) count += line.event == event ? 1U : 0U;
    return count;
  }
};

TEST(Nights, OneSecretThatFailsIsSaidAtOnceThenHourlyWithItsCountAndThenThatItIsWell) {
  for (int i = 0; i < 8 * 12; ++i) {
    round(bad(1));
    pass(5min);
  }
  round(good(1));
  CHECK_EQUAL(8U, lines(EventId::fetch_failed));
  CHECK_EQUAL(9U, sink.records.size());
  STRCMP_CONTAINS("; it fails since ", sink.records[7].message.c_str());
  STRCMP_CONTAINS(", in 85 rounds", sink.records[7].message.c_str());
  CHECK_TRUE(sink.records.back().event == EventId::secret_recovered);
  STRCMP_CONTAINS("; it had failed since ", sink.records.back().message.c_str());
  STRCMP_CONTAINS(", in 96 rounds", sink.records.back().message.c_str());
  STRCMP_EQUAL("96", sink.lastField("KMS_SECRETD_FAILED_ROUNDS").c_str());
}

TEST(Nights, AStoreThatIsDownForAThousandSecretsFillsNoJournal) {
  for (int i = 0; i < 8 * 12; ++i) {
    for (int secret = 0; secret < 1000; ++secret) reporter.outcome(bad(secret));
    pass(5min);
  }
  CHECK_EQUAL(10U, lines(EventId::fetch_failed));
  CHECK_EQUAL(8U, lines(EventId::failures_alike));
  for (int secret = 0; secret < 1000; ++secret) reporter.outcome(good(secret));
  reporter.look();
  CHECK_EQUAL(10U, lines(EventId::secret_recovered));
  CHECK_EQUAL(1U, lines(EventId::failures_ended));
  STRCMP_CONTAINS("up to 1000 did since ", sink.records.back().message.c_str());
  STRCMP_CONTAINS(", in 96000 rounds", sink.records.back().message.c_str());
  CHECK_EQUAL(29U, sink.records.size());
}

TEST(Nights, ProbesOfADeadStoreThatHitAnotherSecretEachTimeFillNoJournal) {
  for (int secret = 0; secret < 480; ++secret) {
    round(bad(secret));
    pass(1min);
  }
  CHECK_EQUAL(10U, lines(EventId::fetch_failed));
  CHECK_TRUE(sink.records.size() <= 10 + 5 + 8);
}

TEST(Nights, ASecretThatComesAndGoesIsSaidSixTimesAndThenEveryTenMinutesWithTheCount) {
  for (int i = 0; i < 60; ++i) {
    round(bad(1));
    pass(30s);
    round(good(1));
    pass(30s);
  }
  CHECK_EQUAL(lines(EventId::fetch_failed), lines(EventId::secret_recovered));
  CHECK_TRUE(sink.records.size() <= 2 * (3 + 6));
  CHECK_TRUE(sink.records.size() >= 6);
  bool counted = false;
  for (auto const& line : sink.records) {
    counted |= line.message.find("that it began to fail was not said") != std::string::npos;
  }
  CHECK_TRUE(counted);
}

TEST(Nights, ACauseThatChangesWithEachRoundIsNotSaidEachTime) {
  for (int i = 0; i < 120; ++i) {
    round(bad(1, i % 2 == 0 ? sdk::FailureKind::unavailable : sdk::FailureKind::timed_out));
    pass(30s);
  }
  CHECK_TRUE(sink.records.size() <= 6 + 6);
}

TEST(Nights, EveryWriteIsSaidWhateverElseIsLeftOut) {
  for (int i = 0; i < 20; ++i) {
    round(bad(1));
    round(good(1, OutcomeKind::updated));
  }
  CHECK_EQUAL(20U, lines(EventId::secret_updated));
  STRCMP_CONTAINS("; it had failed since ", sink.records.back().message.c_str());
}

TEST(Nights, AThirdCauseAmongAThousandFailuresOfAnotherIsSaidAtOnce) {
  for (int secret = 0; secret < 1000; ++secret) reporter.outcome(bad(secret));
  round(bad(5000, sdk::FailureKind::not_found));
  STRCMP_CONTAINS("payments/db5000", sink.records.back().message.c_str());
}

TEST(Nights, TargetsThatAreNoLongerDefinedFailNoMore) {
  for (int secret = 0; secret < 1000; ++secret) reporter.outcome(bad(secret));
  pass(1min);
  reporter.status().keepOnly({});
  reporter.look();
  CHECK_TRUE(sink.records.back().event == EventId::failures_ended);
}

TEST(Nights, ADaemonThatEndsSaysBeforeHowManyFailedThatWereNotSaid) {
  for (int secret = 0; secret < 1000; ++secret) round(bad(secret));
  reporter.lastLook();
  STRCMP_CONTAINS("store shared: 1000 Secrets fail alike", sink.records.back().message.c_str());
  CHECK_EQUAL(11U, sink.records.size());
  reporter.lastLook();
  CHECK_EQUAL(11U, sink.records.size());
}

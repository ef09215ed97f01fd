// SPDX-License-Identifier: Apache-2.0
#include "schedule/waits.hpp"

#include <vector>

#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;
using core::KubeFailureKind;
using schedule::GateEffect;
using schedule::WaitRule;
using sdk::FailureKind;

TEST_GROUP(Waits){static long long waitMs(WaitRule rule, sdk::Milliseconds interval, int failures){
    return schedule::waitOf(rule, {.interval = interval, .failuresInARow = failures}).count();
}
}
;

TEST(Waits, OnlySilenceCountsForTheBreaker) {
  for (auto const& row : schedule::fetchWaits()) {
    auto const silent = row.kind == FailureKind::unavailable || row.kind == FailureKind::timed_out;
    CHECK_EQUAL(silent, row.effect == GateEffect::unanswered);
  }
}

TEST(Waits, HaveARowForEveryKindOfFailure) {
  LONGS_EQUAL(9, schedule::fetchWaits().size());
  LONGS_EQUAL(14, schedule::kubeWaits().size());
}

TEST(Waits, B15_ThrottlingHalvesTheStoresRateAndIsTriedAgainSoon) {
  auto const& row = schedule::waitFor(FailureKind::throttled);
  CHECK_TRUE(row.effect == GateEffect::halve_rate);
  LONGS_EQUAL(5'000, waitMs(row.wait, 2min, 1));
  LONGS_EQUAL(30'000, schedule::waitOf(row.wait, {.interval = 2min, .retryAfter = 30s}).count());
}

TEST(Waits, RefusedCredentialsStopTheStoreForAMinute) {
  CHECK_TRUE(schedule::waitFor(FailureKind::unauthenticated).effect == GateEffect::stop_minute);
}

TEST(Waits, WhatWillNotChangeByItselfIsAskedBetweenTwoAndFifteenMinutes) {
  for (auto const kind : {FailureKind::not_found, FailureKind::permission_denied,
                          FailureKind::invalid_request, FailureKind::invalid_response}) {
    auto const rule = schedule::waitFor(kind).wait;
    LONGS_EQUAL(120'000, waitMs(rule, 10s, 1));
    LONGS_EQUAL(300'000, waitMs(rule, 5min, 1));
    LONGS_EQUAL(900'000, waitMs(rule, 24h, 9));
  }
}

TEST(Waits, SilenceBacksOffFromFiveSecondsToTheInterval) {
  auto const rule = schedule::waitFor(FailureKind::unavailable).wait;
  std::vector<long long> waits;
  for (int i = 1; i <= 6; ++i) waits.push_back(waitMs(rule, 1min, i));
  CHECK_TRUE((waits == std::vector<long long>{5'000, 10'000, 20'000, 40'000, 60'000, 60'000}));
}

TEST(Waits, AChangedObjectIsLookedAtAtOnceAndThenBacksOff) {
  auto const rule = schedule::waitFor(KubeFailureKind::changed).wait;
  LONGS_EQUAL(0, waitMs(rule, 2min, 1));
  LONGS_EQUAL(5'000, waitMs(rule, 2min, 2));
  LONGS_EQUAL(10'000, waitMs(rule, 2min, 3));
}

TEST(Waits, MissingRightsAreTriedEveryFiveMinutesAndRejectedObjectsEachInterval) {
  LONGS_EQUAL(300'000, waitMs(schedule::waitFor(KubeFailureKind::forbidden).wait, 2min, 1));
  LONGS_EQUAL(120'000, waitMs(schedule::waitFor(KubeFailureKind::invalid).wait, 2min, 1));
}

TEST(Waits, SurviveManyFailuresWithoutOverflow) {
  LONGS_EQUAL(3'600'000, waitMs(WaitRule::backoff, 1h, 1'000'000));
}

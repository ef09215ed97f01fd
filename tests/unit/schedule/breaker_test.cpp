// SPDX-License-Identifier: Apache-2.0
#include "schedule/breaker.hpp"

#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;
using schedule::Breaker;

TEST_GROUP(Breaker) {
  Breaker breaker;
  sdk::BootTime now = start;
  void fail(int times) {
    for (int i = 0; i < times; ++i) {
      breaker.started();
      breaker.unanswered(now);
    }
  }
};

TEST(Breaker, LetsCallsThroughUntilFiveInARowHadNoAnswer) {
  fail(4);
  CHECK_TRUE(breaker.allows(now));
  fail(1);
  CHECK_FALSE(breaker.allows(now));
}

TEST(Breaker, ForgetsFailuresAtTheFirstAnswer) {
  fail(4);
  breaker.answered();
  fail(4);
  CHECK_TRUE(breaker.allows(now));
}

TEST(Breaker, ProbesAfterFiveSecondsOneAtATime) {
  fail(5);
  CHECK_FALSE(breaker.allows(now + 4999ms));
  now += 5s;
  CHECK_TRUE(breaker.allows(now));
  breaker.started();
  CHECK_FALSE(breaker.allows(now));
}

TEST(Breaker, DoublesTheProbesWaitUpToAMinute) {
  fail(5);
  for (auto const wait : {5s, 10s, 20s, 40s, 60s, 60s}) {
    CHECK_FALSE(breaker.allows(now + wait - 1ms));
    now += wait;
    CHECK_TRUE(breaker.allows(now));
    fail(1);
  }
}

TEST(Breaker, CountsCallsThatWereUnderWayWhenItOpenedOnlyOnce) {
  fail(5);
  breaker.unanswered(now);
  breaker.unanswered(now);
  CHECK_TRUE(breaker.allows(now + 5s));
}

TEST(Breaker, ClosesAtTheFirstAnswerAndSaysSo) {
  fail(5);
  CHECK_TRUE(breaker.answered());
  CHECK_TRUE(breaker.allows(now));
  CHECK_FALSE(breaker.answered());
}

TEST(Breaker, LetsAnotherProbeGoWhenOneWasCancelled) {
  fail(5);
  now += 5s;
  breaker.started();
  breaker.abandoned();
  CHECK_TRUE(breaker.allows(now));
}

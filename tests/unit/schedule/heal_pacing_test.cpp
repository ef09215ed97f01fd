// SPDX-License-Identifier: Apache-2.0
#include "schedule/heal_pacing.hpp"

#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;
using schedule::HealPacing;

TEST_GROUP(HealPacing) {
  HealPacing pacing;
  sdk::BootTime now = start;
};

TEST(HealPacing, LetsTheFirstHealGoAtOnce) { LONGS_EQUAL(0, pacing.waitBefore(now).count()); }

TEST(HealPacing, DoublesTheWaitOfEachFurtherHeal) {
  for (auto const wait : {20s, 40s, 80s, 160s}) {
    pacing.healed(now, 5min);
    LONGS_EQUAL(sdk::Milliseconds(wait).count(), pacing.waitBefore(now).count());
    now += wait;
    LONGS_EQUAL(0, pacing.waitBefore(now).count());
  }
}

TEST(HealPacing, AllowsAtMostFiveWritesInTenMinutesWhateverTheInterval) {
  for (auto const interval :
       {sdk::Milliseconds(5s), sdk::Milliseconds(2min), sdk::Milliseconds(1h)}) {
    HealPacing each;
    int writes = 0;
    for (auto time = start; time < start + 10min; time += 100ms) {
      if (each.waitBefore(time).count() != 0) continue;
      each.healed(time, interval);
      ++writes;
    }
    CHECK_TRUE(writes <= 5);
  }
}

TEST(HealPacing, CallsItAContestFromTheThirdHealOn) {
  pacing.healed(now, 2min);
  pacing.healed(now += 20s, 2min);
  CHECK_FALSE(pacing.contested(now));
  pacing.healed(now += 40s, 2min);
  CHECK_TRUE(pacing.contested(now));
}

TEST(HealPacing, ForgetsTheContestAfterTenQuietMinutes) {
  for (int i = 0; i < 4; ++i) pacing.healed(now, 2min);
  now += 10min;
  CHECK_FALSE(pacing.contested(now));
  LONGS_EQUAL(0, pacing.waitBefore(now).count());
}

// SPDX-License-Identifier: Apache-2.0
#include "schedule/token_bucket.hpp"

#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;
using schedule::TokenBucket;

TEST_GROUP(TokenBucket) {
  sdk::BootTime now = start;
  int callsWithin(TokenBucket & bucket, sdk::Milliseconds span) {
    int calls = 0;
    for (auto const end = now + span; now < end; now += 10ms) {
      while (bucket.open(now)) {
        bucket.take(1, now);
        ++calls;
      }
    }
    return calls;
  }
};

TEST(TokenBucket, GivesItsRateAfterOneSecondsWorthAtOnce) {
  TokenBucket bucket(10, now);
  auto const calls = callsWithin(bucket, 10s);
  CHECK_TRUE(calls >= 108 && calls <= 110);
}

TEST(TokenBucket, B16_CountsCallsSoThatARoundWithThreeReadsCostsThree) {
  TokenBucket bucket(3, now);
  bucket.take(3, now);
  CHECK_FALSE(bucket.open(now));
  CHECK_TRUE(bucket.open(now + 340ms));
}

TEST(TokenBucket, LetsARoundThatIsLargerThanTheBurstGoIntoDebt) {
  TokenBucket bucket(1, now);
  bucket.take(5, now);
  CHECK_FALSE(bucket.open(now + 4900ms));
  CHECK_TRUE(bucket.open(now + 5001ms));
}

TEST(TokenBucket, HalvesItsRateWhenThrottledAndGrowsATenthAMinute) {
  TokenBucket bucket(10, now);
  bucket.throttle(now);
  DOUBLES_EQUAL(5.0, bucket.rate(now), 0.01);
  bucket.throttle(now);
  DOUBLES_EQUAL(2.5, bucket.rate(now), 0.01);
  DOUBLES_EQUAL(3.5, bucket.rate(now + 1min), 0.01);
  DOUBLES_EQUAL(10.0, bucket.rate(now + 8min), 0.01);
}

TEST(TokenBucket, NeverThrottlesToNothing) {
  TokenBucket bucket(10, now);
  for (int i = 0; i < 50; ++i) bucket.throttle(now);
  CHECK_TRUE(bucket.rate(now) > 0.05);
  CHECK_TRUE(bucket.opensAt(now) < now + 1min);
}

TEST(TokenBucket, RampsUpOverHalfAMinuteAfterAnOutage) {
  TokenBucket bucket(10, now);
  bucket.ramp(now);
  DOUBLES_EQUAL(1.0, bucket.rate(now), 0.01);
  DOUBLES_EQUAL(5.5, bucket.rate(now + 15s), 0.01);
  DOUBLES_EQUAL(10.0, bucket.rate(now + 30s), 0.01);
}

TEST(TokenBucket, HoldsTheBurstThatItWasGivenAndNoMore) {
  TokenBucket bucket(10, now, 50);
  auto const calls = callsWithin(bucket, 1s);
  CHECK_TRUE(calls >= 58 && calls <= 60);
  now += 1h;
  auto const again = callsWithin(bucket, 10ms);
  LONGS_EQUAL(50, again);
}

TEST(TokenBucket, SaysWhenItOpens) {
  TokenBucket bucket(2, now);
  bucket.take(4, now);
  auto const at = bucket.opensAt(now);
  CHECK_FALSE(bucket.open(at - 5ms));
  CHECK_TRUE(bucket.open(at));
}

// SPDX-License-Identifier: Apache-2.0
#include "schedule/demand.hpp"

#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;

TEST_GROUP(Demand) {
  World world;
  void targets(int count) {
    for (int i = 0; i < count; ++i) {
      auto const name = std::to_string(i);
      world.add(target("t" + name, {read("a", "s" + name)}));
    }
  }
};

TEST(Demand, OfTwelveHundredReadsAtTwoMinutesFillsTenCallsASecond) {
  world.store("a", 10);
  targets(1200);
  auto const demand = schedule::demandOf(world.config).front();
  DOUBLES_EQUAL(10.0, demand.perSecond, 0.001);
  CHECK_TRUE(demand.tooHigh());
}

TEST(Demand, BelowEightyPercentIsNoWarning) {
  world.store("a", 10);
  targets(900);
  CHECK_FALSE(schedule::demandOf(world.config).front().tooHigh());
}

TEST(Demand, CountsAReadThatManyTargetsShareOnce) {
  world.store("a", 10);
  for (int i = 0; i < 5000; ++i) world.add(target("t" + std::to_string(i), {read("a", "one")}));
  LONGS_EQUAL(1, schedule::demandOf(world.config).front().distinctReads);
}

TEST(Demand, SaysBothFiguresAndTheIntervalThatResults) {
  world.store("a", 10);
  targets(2400);
  auto const text = schedule::demandOf(world.config).front().sentence();
  CHECK_TRUE(text.find("20.0 calls/s") != std::string::npos);
  CHECK_TRUE(text.find("10.0") != std::string::npos);
  CHECK_TRUE(text.find("240 s") != std::string::npos);
}

TEST(Demand, IsNothingWhilePollingIsOff) {
  world.store("a", 10);
  targets(5000);
  world.config.pollingEnabled = false;
  CHECK_TRUE(schedule::demandOf(world.config).empty());
}

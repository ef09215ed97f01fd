// SPDX-License-Identifier: Apache-2.0
// Ten days of ten thousand targets in simulated time: rotations, outages, drift and a reload a day.
#include <algorithm>
#include <map>

#include "schedule/phase.hpp"
#include "schedule/schedule.hpp"
#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;

namespace {

constexpr int count = 10'000;
constexpr sdk::Milliseconds interval = 12h;

core::TargetDefinition numbered(int number) {
  auto const name = std::to_string(number);
  auto definition = target(name, {read(std::string(1, static_cast<char>('a' + number % 3)),
                                       "secret-" + std::to_string(number / 2))});
  definition.interval = interval;
  return definition;
}

// The same dice on every machine.
class Dice {
 public:
  std::uint32_t operator()(std::uint32_t sides) {
    state_ = state_ * 1'664'525U + 1'013'904'223U;
    return (state_ >> 8U) % sides;
  }

 private:
  std::uint32_t state_ = 1;
};

}  // namespace

TEST_GROUP(LongLife) {
  World world;
  long long rounds = 0;
  std::size_t mostHot = 0;
  std::size_t mostInFlight = 0;
  Dice roll{};

  void setup() override {
    world.config.workers = 400;
    for (auto const* const store : {"a", "b", "c"}) world.store(store, 100);
  }
  // What the world does to one round: mostly nothing.
  void end(core::Due const& due, bool outage) {
    auto const& name = due.definition->id.name;
    if (outage && due.definition->data.front().source.store == "a") {
      world.failFetch(name, sdk::FailureKind::unavailable);
    } else if (roll(200) == 0) {
      world.failKube(name, core::KubeFailureKind::changed);
    } else if (roll(50) == 0) {
      world.succeed(name, core::OutcomeKind::updated);
    } else {
      world.succeed(name);
    }
  }
  void run(sdk::Milliseconds span, bool outage = false) {
    for (auto const last = world.now + span; world.now < last;) {
      auto const due = world.takeDue(400);
      mostInFlight = std::max(mostInFlight, world.schedule.inFlight());
      for (auto const& each : due) end(each, outage);
      rounds += static_cast<long long>(due.size());
      mostHot = std::max(mostHot, world.schedule.footprint().hotReads);
      if (roll(100) == 0) world.schedule.drifted(world.id(std::to_string(roll(count))), world.now);
      auto const wake = world.schedule.nextWake(world.now).value_or(last);
      // Workers end their rounds within tenths of a second.
      world.now = std::min(last, std::max(world.now + 100ms, wake));
    }
  }
  // Ten definitions go and ten others come.
  void reload(int day) {
    auto& targets = world.config.targets;
    targets.erase(targets.begin(), targets.begin() + 10);
    for (int i = 0; i < 10; ++i) world.add(numbered(count + day * 10 + i));
    world.load();
  }
  void checkPhases() {
    for (auto const& definition : world.config.targets) {
      auto const due = world.schedule.dueAt(definition->id);
      CHECK_TRUE_TEXT(due.has_value(), definition->id.name.c_str());
      auto const phase = schedule::phaseOf(definition->data.front().source, interval);
      LONGS_EQUAL_TEXT(phase.count(), (due->time_since_epoch() % interval).count(),
                       definition->id.name.c_str());
    }
  }
};

TEST(LongLife, TenThousandTargetsLiveTenDaysWithoutDriftingPhasesOrGrowingRecords) {
  for (int i = 0; i < count; ++i) world.add(numbered(i));
  world.load();
  run(1h);
  auto const atFirst = world.schedule.footprint();
  for (int day = 0; day < 10; ++day) {
    run(11h);
    run(30min, true);
    run(12h + 30min);
    reload(day);
    auto const now = world.schedule.footprint();
    LONGS_EQUAL(atFirst.targets, now.targets);
    LONGS_EQUAL(atFirst.reads, now.reads);
    LONGS_EQUAL(atFirst.gates, now.gates);
  }
  run(12h);
  checkPhases();
  // Never more than what a few seconds bring.
  CHECK_TRUE(mostHot <= 1'000);
  CHECK_TRUE(mostInFlight <= 300);
  // Two polls a day each, a little more for what happened.
  CHECK_TRUE(rounds >= 10LL * 2 * count);
  CHECK_TRUE(rounds <= 11LL * 2 * count + count);
}

TEST(LongLife, AReloadForgetsTheReadsAndStoresThatNothingNeedsAnyMore) {
  world.add(numbered(0)).add(numbered(1));
  world.load();
  world.runAll();
  auto const before = world.schedule.footprint();
  world.config.targets.clear();
  world.config.stores.erase("b");
  world.load();
  world.now += 1min;
  (void)world.take();
  auto const after = world.schedule.footprint();
  LONGS_EQUAL(2, before.targets);
  LONGS_EQUAL(0, after.targets + after.reads + after.hotReads);
  LONGS_EQUAL(before.gates - 1, after.gates);
}

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "schedule/schedule.hpp"
#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;

// A day and more in simulated time.
TEST_GROUP(Simulation) {
  World world;
  std::map<long long, int> perMinute;
  void run(sdk::Milliseconds span) {
    for (auto const end = world.now + span; world.now < end;) {
      for (auto const& name : world.take()) {
        world.succeed(name);
        ++perMinute[(world.now.time_since_epoch() / 1min)];
      }
      auto const wake = world.schedule.nextWake(world.now);
      world.now = std::max(world.now + 1ms, wake.value_or(end));
    }
  }
};

TEST(Simulation, ThePeakMinuteOfTenThousandTargetsIsNearTheMean) {
  world.config.workers = 40'000;
  world.store("a", 100'000);
  for (int i = 0; i < 10'000; ++i) {
    auto const name = std::to_string(i);
    auto definition = target(name, {read("a", name)});
    definition.interval = 10min;
    world.add(definition);
  }
  world.load();
  run(15min);
  world.now = sdk::BootTime(std::chrono::ceil<std::chrono::minutes>(world.now.time_since_epoch()));
  run(1min);
  perMinute.clear();
  run(60min);
  auto const peak =
      std::ranges::max_element(perMinute, {}, [](auto const& each) { return each.second; });
  CHECK_TRUE(peak->second <= 1100);
}

TEST(Simulation, PhasesDoNotDriftInTenDays) {
  world.store("a", 1000);
  for (int i = 0; i < 20; ++i) {
    auto const name = std::to_string(i);
    world.add(target(name, {read("a", name)}));
  }
  world.load();
  run(1h);
  std::map<std::string, long long> phase;
  auto const phaseOf = [&](std::string const& name) {
    return (world.schedule.dueAt(world.id(name))->time_since_epoch() % 120s).count();
  };
  for (int i = 0; i < 20; ++i) phase[std::to_string(i)] = phaseOf(std::to_string(i));
  run(240h);
  for (auto const& [name, before] : phase) LONGS_EQUAL(before, phaseOf(name));
}

// SPDX-License-Identifier: Apache-2.0
// The extra poll for a planned rotation: time is passed in.
#include "schedule/rotation_poll.hpp"

#include <set>
#include <string>

#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;

TEST_GROUP(RotationPoll) {
  World world;

  // Ends the first round of "a" with such a rotation ahead; when its next round is due from now.
  sdk::Milliseconds dueAfter(std::vector<sdk::Milliseconds> untilRotations,
                             core::OutcomeKind kind = core::OutcomeKind::unchanged) {
    auto definition = target("a", {read("s", "x")});
    definition.interval = 10min;
    world.store("s").add(definition);
    world.load();
    world.take();
    world.finish({.target = world.id("a"), .kind = kind, .untilRotations = untilRotations});
    return *world.schedule.dueAt(world.id("a")) - world.now;
  }
};

TEST(RotationPoll, ComesShortlyAfterTheRotation) {
  auto const wait = dueAfter({60s});
  CHECK_TRUE(wait >= 62s);
  CHECK_TRUE(wait < 67s);
}

TEST(RotationPoll, LeavesTheIntervalAloneWhereTheRotationIsFarAway) {
  auto const usual = dueAfter({});
  world = World();
  CHECK_TRUE(usual == dueAfter({48h}));
  CHECK_TRUE(usual > 0ms);
}

TEST(RotationPoll, TakesTheFirstOfSeveralRotations) { CHECK_TRUE(dueAfter({48h, 30s, 60s}) < 37s); }

TEST(RotationPoll, LooksAgainSoonWhileARotationIsUnderWay) {
  auto const wait = dueAfter({-3s});
  CHECK_TRUE(wait >= 5s);
  CHECK_TRUE(wait <= 6s);
}

TEST(RotationPoll, LooksSeldomForARotationThatIsLate) {
  CHECK_TRUE(schedule::rotationWait(-2min, "a") >= 2min);
  CHECK_TRUE(schedule::rotationWait(-48h, "a") >= 48h);
}

TEST(RotationPoll, NeverComesAtOnceAndNeverOverflows) {
  for (auto const until : {sdk::Milliseconds::min(), sdk::Milliseconds(-5000), -1ms, 0ms, 1ms,
                           sdk::Milliseconds::max()}) {
    CHECK_TRUE(schedule::rotationWait(until, "a") > 0ms);
  }
}

TEST(RotationPoll, SpreadsTheSecretsOfOneRotation) {
  std::set<std::int64_t> waits;
  for (int i = 0; i < 100; ++i) {
    waits.insert(schedule::rotationWait(60s, "ns/" + std::to_string(i)).count());
  }
  CHECK_TRUE(waits.size() > 90);
}

TEST(RotationPoll, IsOffWherePollingIs) {
  world.config.pollingEnabled = false;
  auto definition = target("a", {read("s", "x")});
  world.store("s").add(definition);
  world.load();
  world.take();
  world.finish({.target = world.id("a"), .untilRotations = {30s}});
  CHECK_FALSE(world.schedule.dueAt(world.id("a")).has_value());
}

// SPDX-License-Identifier: Apache-2.0
// Every row of the failure table (rules 5), on the schedule itself.
#include "failure_rows.hpp"
#include "failures_page.hpp"
#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;
using schedule::GateEffect;
using schedule::WaitRule;

// One target that fails, and others that need the same store and cluster.
TEST_GROUP(Failures) {
  std::vector<FailureRow> const rows = failureRows();
  static constexpr int others = 40;
  static World fresh(sdk::Milliseconds interval) {
    World world;
    world.config.workers = 4 * (others + 1);
    world.store("s");
    auto add = [&](std::string const& name) {
      auto definition = target(name, {read("s", name)});
      definition.interval = interval;
      world.add(definition);
    };
    add("failing");
    for (int i = 0; i < others; ++i) add("other" + std::to_string(i));
    world.load();
    (void)world.take();
    return world;
  }
  // Ends the round of `name` as the row says.
  static void fail(World & world, FailureRow const& row, std::string const& name) {
    auto outcome = row.ended;
    outcome.target = world.id(name);
    if (outcome.fetchFailure) outcome.source = read("s", name);
    world.finish(std::move(outcome));
  }
  // Lets the failing target fail four times in a row, each time as soon as it may.
  static std::vector<sdk::Milliseconds> waits(FailureRow const& row, sdk::Milliseconds interval) {
    auto world = fresh(interval);
    for (int i = 0; i < others; ++i) world.succeed("other" + std::to_string(i));
    std::vector<sdk::Milliseconds> seen;
    for (int i = 0; i < 4; ++i) {
      fail(world, row, "failing");
      seen.push_back(*world.schedule.dueAt(world.id("failing")) - world.now);
      world.now = *world.schedule.dueAt(world.id("failing")) + 1h;
      (void)world.take();
    }
    return seen;
  }
  static void checkWaits(FailureRow const& row, sdk::Milliseconds interval,
                         std::vector<sdk::Milliseconds> const& expected) {
    auto const seen = waits(row, interval);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      auto const in = row.kind + ", failure " + std::to_string(i + 1) + ": waits " +
                      std::to_string(seen.at(i).count()) + " ms";
      CHECK_TEXT(seen.at(i) >= expected.at(i), in.c_str());
      CHECK_TEXT(seen.at(i) <= expected.at(i) * 11 / 10, in.c_str());
    }
  }
};

TEST(Failures, EveryKindHasExactlyOneRowOfTheTable) {
  std::vector<std::string> kinds;
  for (auto const& row : rows) {
    if (row.peer != Peer::nobody) kinds.push_back(row.kind);
  }
  // "cancelled" is no failure: the daemon stops.
  LONGS_EQUAL(schedule::fetchWaits().size() + schedule::kubeWaits().size() - 1, kinds.size());
}

TEST(Failures, TheTargetWaitsAsItsRowSays) {
  for (auto const& row : rows) {
    auto const& rule = waitRow(row.wait);
    checkWaits(row, 10s, rule.atTenSeconds);
    checkWaits(row, 10min, rule.atTenMinutes);
    checkWaits(row, 1h, rule.atOneHour);
  }
}

TEST(Failures, FourOfAKindHoldNobodyBackUnlessTheRowStopsThePeer) {
  for (auto const& row : rows) {
    auto world = fresh(10min);
    for (int i = 0; i < 4; ++i) fail(world, row, "other" + std::to_string(i));
    auto const stops = row.effect == GateEffect::stop_minute;
    CHECK_EQUAL_TEXT(stops, world.schedule.heldBack(world.id("failing"), world.now),
                     row.kind.c_str());
  }
}

TEST(Failures, B15_OnlySilenceInARowOpensTheBreaker) {
  for (auto const& row : rows) {
    auto world = fresh(10min);
    for (int i = 0; i < 20; ++i) fail(world, row, "other" + std::to_string(i));
    auto const held = row.effect == GateEffect::stop_minute || row.effect == GateEffect::unanswered;
    CHECK_EQUAL_TEXT(held, world.schedule.heldBack(world.id("failing"), world.now),
                     row.kind.c_str());
  }
}

TEST(Failures, AStopEndsAfterAMinute) {
  for (auto const& row : rows) {
    if (row.effect != GateEffect::stop_minute) continue;
    auto world = fresh(10min);
    fail(world, row, "failing");
    world.now += 59s;
    CHECK_TRUE(world.schedule.heldBack(world.id("other1"), world.now));
    world.now += 1s;
    CHECK_FALSE(world.schedule.heldBack(world.id("other1"), world.now));
  }
}

TEST(Failures, OnlyThrottlingHalvesTheRateOfTheStore) {
  for (auto const& row : rows) {
    auto world = fresh(10min);
    auto const before = world.schedule.stores(world.now).front().rate;
    fail(world, row, "failing");
    auto const halved = row.effect == GateEffect::halve_rate;
    DOUBLES_EQUAL_TEXT(halved ? before / 2 : before, world.schedule.stores(world.now).front().rate,
                       0.01, row.kind.c_str());
  }
}

TEST(Failures, AFailureOfTheClusterLeavesTheStoreAloneAndTheOtherWayRound) {
  for (auto const& row : rows) {
    if (row.peer == Peer::nobody) continue;
    auto world = fresh(10min);
    for (int i = 0; i < 20; ++i) fail(world, row, "other" + std::to_string(i));
    auto const store = world.schedule.stores(world.now).front();
    auto const shut = store.breakerOpen || store.stopped;
    CHECK_TEXT(!shut || row.peer == Peer::store, row.kind.c_str());
  }
}

TEST(Failures, HealsThatAreUndoneWaitTwiceAsLongEachTime) {
  auto world = fresh(1h);
  auto contested = rows.front();
  for (auto const& row : rows) {
    if (row.wait == WaitRule::heal_pacing) contested = row;
  }
  for (auto const expected : {20s, 40s, 80s, 160s}) {
    world.succeed("failing", core::OutcomeKind::healed);
    world.schedule.drifted(world.id("failing"), world.now);
    auto const due = *world.schedule.dueAt(world.id("failing"));
    LONGS_EQUAL(expected / 1s, (due - world.now) / 1s);
    world.now = due;
    (void)world.take();
  }
}

TEST(Failures, DocsShowTheTableThatIsProven) {
  using namespace kms_secretd::tests;
  auto const page = contentOf(KMS_SECRETD_RULES_PAGE);
  CHECK_TEXT(withGenerated(page, failuresPart(), failuresTable()) == page,
             "docs/rules.md is not as the tests have it: run "
             "BUILD/tests/unit/schedule/failures-doc docs/rules.md");
}

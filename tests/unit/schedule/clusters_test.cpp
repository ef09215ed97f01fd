// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "schedule/schedule.hpp"
#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;

// Several clusters: what one of them does is nothing to the others.
TEST_GROUP(Clusters) {
  World world;
  void setup() override {
    world.store("kms", 1000);
    world.config.clusters.clear();
    world.config.clusters["live"] = {.name = "live"};
    world.config.clusters["dead"] = {.name = "dead"};
  }
  // Adds a target of a cluster.
  void add(std::string const& cluster, std::string const& name, std::string const& source) {
    auto definition = target(name, {read("kms", source)});
    definition.id.cluster = cluster;
    world.add(std::move(definition));
  }
  static core::TargetId in(std::string const& cluster, std::string const& name) {
    return {.cluster = cluster, .namespaceName = "ns", .name = name};
  }
  // The targets that may go now, by cluster.
  std::size_t taken(std::string const& cluster) {
    auto const due = world.takeDue();
    for (auto const& each : due) running.push_back(each.definition->id);
    return static_cast<std::size_t>(std::ranges::count_if(
        due, [&](core::Due const& each) { return each.definition->id.cluster == cluster; }));
  }
  void succeed(core::TargetId const& id) {
    world.finish({.target = id, .kind = core::OutcomeKind::unchanged});
  }
  void unanswered(core::TargetId const& id) {
    core::Outcome outcome{.target = id, .kind = core::OutcomeKind::apply_failed};
    outcome.kubeFailure = core::KubeFailure{.kind = core::KubeFailureKind::timed_out};
    world.finish(std::move(outcome));
  }
  std::vector<core::TargetId> running{};
};

TEST(Clusters, ARoundThatHangsInOneClusterHoldsNoReadThatAnotherNeeds) {
  add("dead", "a", "one");
  add("live", "b", "one");
  world.load();
  CHECK_EQUAL(0U, taken("live"));  // the other one is reading
  CHECK_TRUE((running == std::vector{in("dead", "a")}));
  world.schedule.fetched(running.front(), world.now);
  CHECK_EQUAL(1U, taken("live"));
}

TEST(Clusters, RoundsThatHangInOneClusterHoldNoSlotsOfAStore) {
  world.config.workers = 16;  // four for each store and cluster
  for (int i = 0; i < 10; ++i) add("dead", std::to_string(i), "dead" + std::to_string(i));
  add("live", "b", "live");
  world.load();
  CHECK_EQUAL(0U, taken("live"));
  CHECK_EQUAL(4U, running.size());
  for (auto const& id : running) world.schedule.fetched(id, world.now);
  CHECK_EQUAL(1U, taken("live"));
  CHECK_EQUAL(4U, world.schedule.inFlight("dead"));
}

TEST(Clusters, OneReadFeedsAllTargetsOfALiveClusterThoughTheDeadOnesWaitBeforeThem) {
  for (int i = 0; i < 40; ++i) {
    add("dead", std::to_string(i), "one");
    add("live", std::to_string(i), "one");
  }
  world.load();
  for (int round = 0; round < 5; ++round) {  // the breaker of the dead cluster opens
    static_cast<void>(taken("dead"));
    for (auto const& id : std::exchange(running, {})) {
      world.schedule.fetched(id, world.now);
      id.cluster == "dead" ? unanswered(id) : succeed(id);
    }
  }
  for (int round = 0; round < 40; ++round) {
    static_cast<void>(taken("live"));
    for (auto const& id : std::exchange(running, {})) succeed(id);
  }
  for (int i = 0; i < 40; ++i) {
    CHECK_TRUE(*world.schedule.dueAt(in("live", std::to_string(i))) > world.now);
  }
  CHECK_TRUE(world.schedule.heldBack(in("dead", "7"), world.now));
  CHECK_FALSE(world.schedule.heldBack(in("live", "7"), world.now));
}

TEST(Clusters, ARoundThatWasHeardToHaveReadEndsAsAnyOther) {
  add("live", "b", "one");
  world.load();
  CHECK_EQUAL(1U, taken("live"));
  world.schedule.fetched(running.front(), world.now);
  world.schedule.fetched(running.front(), world.now);
  succeed(running.front());
  CHECK_EQUAL(0U, world.schedule.inFlight());
  world.schedule.fetched(running.front(), world.now);  // late: nothing is under way
  CHECK_FALSE(world.schedule.heldBack(running.front(), world.now));
}

TEST(Clusters, AHeldClusterHandsOutNothingAndWakesNobody) {
  add("dead", "a", "one");
  world.load();
  world.schedule.hold("dead", true);
  CHECK_EQUAL(0U, taken("dead"));
  CHECK_FALSE(world.schedule.nextWake(world.now).has_value());
  CHECK_EQUAL(0U, world.schedule.backlog(world.now).due);
  CHECK_TRUE(world.schedule.heldBack(in("dead", "a"), world.now));
  world.schedule.hold("dead", false);
  CHECK_EQUAL(1U, taken("dead"));
}

TEST(Clusters, ANewReignForgetsWhatIsKnownOfItsOwnClusterOnly) {
  add("dead", "a", "one");
  add("live", "b", "two");
  world.load();
  static_cast<void>(taken("live"));
  for (auto const& id : std::exchange(running, {})) succeed(id);
  world.now += 1s;
  CHECK_EQUAL(0U, taken("live"));
  world.schedule.restart("dead");
  CHECK_TRUE(world.schedule.record(in("dead", "a")) == nullptr);
  world.load();
  static_cast<void>(taken("dead"));
  CHECK_TRUE((running == std::vector{in("dead", "a")}));
}

TEST(Clusters, AClusterThatIsGoneIsForgottenOnceItsLastRoundEnds) {
  add("dead", "a", "one");
  add("live", "b", "two");
  world.load();
  static_cast<void>(taken("live"));
  auto const before = world.schedule.footprint().gates;
  world.config.clusters.erase("dead");
  std::erase_if(world.config.targets, [](auto const& each) { return each->id.cluster == "dead"; });
  world.load();
  CHECK_EQUAL(before, world.schedule.footprint().gates);
  unanswered(in("dead", "a"));
  world.load();
  CHECK_EQUAL(before - 1, world.schedule.footprint().gates);
  CHECK_EQUAL(1U, world.schedule.targets());
}

// Four clusters, of which one falls silent for a while and one is led now and then.
TEST(Clusters, TenThousandTargetsLeaveNothingBehind) {
  world.config.clusters = {{"a", {}}, {"b", {}}, {"dead", {}}, {"live", {}}};
  world.config.workers = 400;
  for (int i = 0; i < 2'500; ++i) {
    for (auto const& [cluster, settings] : world.config.clusters) {
      add(cluster, std::to_string(i), std::to_string(i % 500));
    }
  }
  world.load();
  auto const run = [&](int turns, bool silence) {
    for (int turn = 0; turn < turns; ++turn, world.now += 250ms) {
      for (auto const& due : world.takeDue(400)) {
        auto const id = due.definition->id;
        world.schedule.fetched(id, world.now);
        silence&& id.cluster == "dead" ? unanswered(id) : succeed(id);
      }
    }
  };
  run(200, false);
  auto const atFirst = world.schedule.footprint();
  LONGS_EQUAL(10'000, atFirst.targets);
  LONGS_EQUAL(500, atFirst.reads);
  for (int cycle = 0; cycle < 2; ++cycle) {
    world.schedule.hold("a", true);
    run(200, true);
    world.schedule.hold("a", false);
    world.schedule.restart("a");
    world.load();
    run(600, false);
    auto const now = world.schedule.footprint();
    LONGS_EQUAL(atFirst.targets, now.targets);
    LONGS_EQUAL(atFirst.reads, now.reads);
    LONGS_EQUAL(atFirst.gates, now.gates);
    CHECK_TRUE(now.hotReads <= 500);
    CHECK_EQUAL(0U, world.schedule.inFlight());
  }
}

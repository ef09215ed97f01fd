// SPDX-License-Identifier: Apache-2.0
#include "schedule/schedule.hpp"

#include <algorithm>

#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;
using core::DueReason;
using core::KubeFailureKind;
using core::OutcomeKind;
using sdk::FailureKind;

using Names = std::vector<std::string>;

TEST_GROUP(Schedule) {
  World world;
  void setup() override { world.store("a").store("b"); }
  void one() {
    world.add(target("one", {read("a", "x")}));
    world.load();
  }
};

TEST(Schedule, RunsANewTargetAtOnce) {
  one();
  CHECK_TRUE((world.take() == Names{"one"}));
}

TEST(Schedule, NeverRunsATargetTwiceAtATime) {
  one();
  CHECK_EQUAL(1U, world.take().size());
  world.schedule.force(world.id("one"), world.now);
  CHECK_TRUE(world.take().empty());
  world.succeed("one");
  CHECK_EQUAL(1U, world.take().size());
}

TEST(Schedule, ComesBackOncePerInterval) {
  one();
  world.runAll();
  auto const first = *world.schedule.dueAt(world.id("one"));
  CHECK_TRUE(first >= world.now + 60s && first <= world.now + 180s);
  world.now = first;
  CHECK_EQUAL(1U, world.runAll().size());
  CHECK_TRUE(*world.schedule.dueAt(world.id("one")) == first + 120s);
}

TEST(Schedule, WakesForTheSecondStoreOfATargetAndNotAtOnceWhileThatIsShut) {
  world.add(target("both", {read("a", "x"), read("b", "y")}));
  world.load();
  CHECK_EQUAL(1U, world.take().size());
  world.failFetch("both", FailureKind::unauthenticated, 1);
  world.schedule.force(world.id("both"), world.now);
  CHECK_TRUE(world.take().empty());
  CHECK_TRUE(*world.schedule.nextWake(world.now) == world.now + 60s);
  world.now += 60s;
  CHECK_TRUE((world.take() == Names{"both"}));
}

TEST(Schedule, ANewLoginEndsTheStopOfTheCluster) {
  one();
  CHECK_EQUAL(1U, world.take().size());
  world.failKube("one", KubeFailureKind::unauthenticated);
  world.now += 1s;
  CHECK_TRUE(world.take().empty());
  world.schedule.loginChanged("another", world.now);
  CHECK_TRUE(world.take().empty());
  world.schedule.loginChanged("default", world.now);
  CHECK_TRUE((world.take() == Names{"one"}));
}

TEST(Schedule, PrefersNewTargetsToRefreshes) {
  for (int i = 0; i < 50; ++i) {
    auto const name = std::to_string(i);
    world.add(target("old" + name, {read("a", name)}));
  }
  world.load();
  world.runAll();
  world.now += 10min;
  world.add(target("new", {read("a", "new")}));
  world.load();
  CHECK_TRUE((world.take(1) == Names{"new"}));
}

TEST(Schedule, GivesEachStoreAtMostAQuarterOfTheWorkers) {
  world.config.workers = 16;
  for (int i = 0; i < 20; ++i) {
    auto const name = std::to_string(i);
    world.add(target("t" + name, {read(i < 10 ? "a" : "b", name)}));
  }
  world.load();
  CHECK_EQUAL(4U, world.take().size());
}

TEST(Schedule, StaysWithinWhatAPluginDeclaresToBear) {
  for (int i = 0; i < 9; ++i) {
    auto const name = std::to_string(i);
    world.add(target("t" + name, {read("a", name)}));
  }
  world.schedule.load({.config = world.config, .maxParallel = {{"a", 1}}, .seen = {}}, world.now);
  CHECK_EQUAL(1U, world.take().size());
}

TEST(Schedule, ASilentStoreDelaysNoOther) {
  world.config.workers = 40;
  for (int i = 0; i < 100; ++i) {
    auto const name = std::to_string(i);
    world.add(target("a" + name, {read("a", name)}));
  }
  world.add(target("b", {read("b", "x")}));
  world.load();
  for (int round = 0; round < 5; ++round) {
    for (auto const& name : world.take(1)) world.failFetch(name, FailureKind::timed_out);
  }
  auto const rest = world.take();
  CHECK_TRUE((rest == Names{"b"}));
}

TEST(Schedule, B16_TakesOneTokenForEachRead) {
  world.store("a", 3);
  world.add(target("one", {read("a", "1"), read("a", "2"), read("a", "3")}));
  world.add(target("two", {read("a", "4")}));
  world.load();
  CHECK_EQUAL(1U, world.take().size());
  world.now += 340ms;
  CHECK_EQUAL(1U, world.take().size());
}

TEST(Schedule, CallsThatNoRoundMadeCountAgainstTheRate) {
  world.store("a", 1);
  for (int i = 0; i < 2; ++i) world.add(target(std::to_string(i), {read("a", std::to_string(i))}));
  world.load();
  CHECK_EQUAL(1U, world.take().size());
  world.schedule.spent("a", 3, world.now);
  world.schedule.spent("unknown", 3, world.now);
  world.now += 3s;
  CHECK_EQUAL(0U, world.take().size());
  world.now += 1100ms;
  CHECK_EQUAL(1U, world.take().size());
}

TEST(Schedule, WaitsInTheQueueForTheRateAndSaysUntilWhen) {
  world.store("a", 1);
  for (int i = 0; i < 3; ++i) world.add(target(std::to_string(i), {read("a", std::to_string(i))}));
  world.load();
  CHECK_EQUAL(1U, world.take().size());
  auto const wake = *world.schedule.nextWake(world.now);
  CHECK_TRUE(wake > world.now + 900ms && wake <= world.now + 1100ms);
  world.now = wake;
  CHECK_EQUAL(1U, world.take().size());
}

TEST(Schedule, B17_UnchangedTargetsDoNotMakeARestartAPeak) {
  std::map<core::TargetId, schedule::StartState> seen;
  for (int i = 0; i < 1000; ++i) {
    auto const name = std::to_string(i);
    world.add(target(name, {read("a", name)}));
    seen[world.id(name)] = {.exists = true, .definitionEqual = true};
  }
  world.load(seen);
  CHECK_TRUE(world.take().size() < 20);
}

TEST(Schedule, ATargetThatAnotherDefinitionLeftIsDoneBeforeRefreshes) {
  world.add(target("one", {read("a", "x")}));
  world.load({{world.id("one"), {.exists = true, .definitionEqual = false}}});
  auto const due = world.takeDue();
  CHECK_EQUAL(1U, due.size());
  CHECK_TRUE(due.front().reason == DueReason::changed);
}

TEST(Schedule, AFailedTargetWaitsAndKeepsItsRecord) {
  one();
  auto const due = world.takeDue();
  core::Outcome outcome{.target = world.id("one"), .kind = OutcomeKind::created};
  outcome.record.uid = "u1";
  world.finish(outcome);
  world.schedule.force(world.id("one"), world.now);
  CHECK_EQUAL(std::string("u1"), world.takeDue().front().record.uid);
}

TEST(Schedule, B2_RefusedCredentialsStopTheStoreUntilTheyChange) {
  world.add(target("one", {read("a", "x")})).add(target("two", {read("a", "y")}));
  world.load();
  auto const first = world.take(1);
  world.failFetch(first.front(), FailureKind::unauthenticated);
  CHECK_TRUE(world.take().empty());
  world.schedule.credentialsChanged("a", world.now);
  CHECK_EQUAL(2U, world.take().size());
}

TEST(Schedule, ErrorsAreNotDearerThanSuccess) {
  one();
  int calls = 0;
  for (auto const end = world.now + 24h; world.now < end;) {
    for (auto const& name : world.take()) {
      world.failFetch(name, FailureKind::unavailable);
      ++calls;
    }
    world.now = std::max(*world.schedule.nextWake(world.now), world.now + 1ms);
  }
  CHECK_TRUE(calls <= 24 * 30 + 10);
}

TEST(Schedule, PollingOffStillDoesFirstSyncDriftForceAndReload) {
  world.config.pollingEnabled = false;
  one();
  CHECK_EQUAL(1U, world.runAll().size());
  world.now += 24h;
  CHECK_TRUE(world.take().empty());
  world.schedule.drifted(world.id("one"), world.now);
  CHECK_EQUAL(1U, world.runAll().size());
  world.schedule.force(world.id("one"), world.now);
  CHECK_EQUAL(1U, world.runAll().size());
  auto changed = target("one", {read("a", "x")});
  changed.hash = "other";
  world.config.targets.clear();
  world.add(changed).load();
  CHECK_EQUAL(1U, world.runAll().size());
}

TEST(Schedule, PollingOffStillRetriesWhatFailed) {
  world.config.pollingEnabled = false;
  one();
  world.take();
  world.failFetch("one", FailureKind::unavailable);
  world.now += 6s;
  CHECK_EQUAL(1U, world.take().size());
}

TEST(Schedule, ATargetWhoseReadsAreAllPinnedForGoodNeedsNoPoll) {
  one();
  world.take();
  world.finish({.target = world.id("one"), .kind = OutcomeKind::created, .fixedForever = true});
  world.now += 240h;
  CHECK_TRUE(world.take().empty());
}

TEST(Schedule, ForgetsATargetThatLeftTheConfiguration) {
  one();
  world.config.targets.clear();
  world.load();
  CHECK_TRUE(world.take().empty());
  CHECK_EQUAL(0U, world.schedule.targets());
}

TEST(Schedule, LetsARoundEndWhoseTargetLeftTheConfiguration) {
  one();
  world.take();
  world.config.targets.clear();
  world.load();
  CHECK_FALSE(world.succeed("one"));
  CHECK_EQUAL(0U, world.schedule.targets());
  CHECK_EQUAL(0U, world.schedule.inFlight());
}

TEST(Schedule, AChangeDuringARoundIsDoneAfterIt) {
  one();
  world.take();
  auto changed = target("one", {read("b", "y")});
  changed.hash = "other";
  world.config.targets.clear();
  world.add(changed).load();
  CHECK_TRUE(world.take().empty());
  world.succeed("one");
  auto const due = world.takeDue();
  CHECK_EQUAL(1U, due.size());
  CHECK_EQUAL(std::string("other"), due.front().definition->hash);
  CHECK_TRUE(due.front().reason == DueReason::changed);
}

TEST(Schedule, AnUnchangedReloadMovesNothing) {
  one();
  world.runAll();
  auto const before = world.schedule.dueAt(world.id("one"));
  world.now += 10s;
  world.load();
  CHECK_TRUE(world.schedule.dueAt(world.id("one")) == before);
}

TEST(Schedule, HealsAtOnceAndThenEverMoreSlowly) {
  one();
  world.runAll();
  int heals = 0;
  for (auto const end = world.now + 10min; world.now < end; world.now += 1s) {
    world.schedule.drifted(world.id("one"), world.now);
    for (auto const& due : world.takeDue()) {
      auto const heal = due.reason == DueReason::drifted && due.mayForce;
      heals += heal ? 1 : 0;
      world.succeed("one", heal ? OutcomeKind::healed : OutcomeKind::unchanged);
    }
  }
  CHECK_TRUE(heals >= 4 && heals <= 5);
  CHECK_TRUE(world.schedule.contested(world.id("one"), world.now));
}

TEST(Schedule, JudgesAChangeSeenDuringARoundAfterTheRound) {
  one();
  world.take();
  world.schedule.drifted(world.id("one"), world.now);
  CHECK_TRUE(world.succeed("one"));
  world.schedule.force(world.id("one"), world.now);
  world.take();
  CHECK_FALSE(world.succeed("one"));
}

TEST(Schedule, HoldsATargetBackWhileItsClusterIsSilent) {
  for (int i = 0; i < 20; ++i) {
    auto const name = std::to_string(i);
    world.add(target(name, {read("a", name)}));
  }
  world.load();
  for (int i = 0; i < 5; ++i) {
    for (auto const& name : world.take(1)) world.failKube(name, KubeFailureKind::unavailable);
  }
  CHECK_TRUE(world.take().empty());
  CHECK_TRUE(world.schedule.heldBack(world.id("19"), world.now));
  world.now += 5s;
  CHECK_EQUAL(1U, world.take().size());
}

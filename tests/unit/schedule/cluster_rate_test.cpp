// SPDX-License-Identifier: Apache-2.0
// What the API server is spared: qps and burst, and the pauses that it asks for.
#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;
using core::KubeFailureKind;
using core::OutcomeKind;

TEST_GROUP(ClusterRate) {
  World world{};

  void targets(int count) {
    world.config.clusters["default"];
    world.config.workers = 4 * static_cast<std::uint32_t>(count);
    world.store("s", 10'000);
    for (int i = 0; i < count; ++i) {
      auto const name = "t" + std::to_string(i);
      world.add(target(name, {read("s", name)}));
    }
    world.load();
  }
  void end(std::string const& name, std::uint32_t requests, OutcomeKind kind) {
    core::Outcome outcome{.target = world.id(name), .kind = kind};
    outcome.kubeRequests = requests;
    world.finish(std::move(outcome));
  }
  // How many rounds of `requests` each fit into so long.
  int roundsWithin(sdk::Milliseconds span, std::uint32_t requests) {
    int rounds = 0;
    for (auto const until = world.now + span; world.now < until; world.now += 20ms) {
      for (auto const& name : world.take()) {
        end(name, requests, OutcomeKind::created);
        ++rounds;
      }
    }
    return rounds;
  }
  void fail(std::string const& name, KubeFailureKind kind, sdk::Milliseconds retryAfter) {
    core::Outcome outcome{.target = world.id(name), .kind = OutcomeKind::apply_failed};
    outcome.kubeFailure = core::KubeFailure{.kind = kind, .retryAfter = retryAfter};
    world.finish(std::move(outcome));
  }
};

TEST(ClusterRate, IsUnlimitedUnlessQpsIsSet) {
  targets(500);
  CHECK_EQUAL(500U, world.take().size());
}

TEST(ClusterRate, CountsTheRequestsThatRoundsReallySent) {
  world.config.clusters["default"].qps = 10;
  world.config.clusters["default"].burst = 10;
  targets(500);
  auto const rounds = roundsWithin(10s, 2);
  CHECK_TRUE(rounds >= 50 && rounds <= 60);
}

TEST(ClusterRate, LetsABurstOfTwiceQpsGoWhereNoneIsGiven) {
  world.config.clusters["default"].qps = 10;
  targets(500);
  CHECK_EQUAL(20U, world.take().size());
}

TEST(ClusterRate, CostsARoundNothingThatAskedForNothing) {
  world.config.clusters["default"].qps = 1;
  world.config.clusters["default"].burst = 3;
  targets(100);
  auto const rounds = roundsWithin(1s, 0);
  CHECK_EQUAL(100, rounds);
}

TEST(ClusterRate, SaysWhenTheNextRoundMayGo) {
  world.config.clusters["default"].qps = 1;
  world.config.clusters["default"].burst = 1;
  targets(3);
  auto const taken = world.take();
  CHECK_EQUAL(1U, taken.size());
  end(taken.front(), 2, OutcomeKind::created);
  auto const wake = *world.schedule.nextWake(world.now);
  CHECK_TRUE(wake > world.now + 1900ms && wake < world.now + 2100ms);
  world.now = wake;
  CHECK_EQUAL(1U, world.take().size());
}

TEST(ClusterRate, LeavesAServerAloneForAsLongAsItAsks) {
  for (auto const kind : {KubeFailureKind::throttled, KubeFailureKind::unavailable}) {
    world.config = {};
    world.schedule = {};
    targets(8);
    auto const taken = world.take(1);
    fail(taken.front(), kind, 30s);
    CHECK_TRUE(world.take().empty());
    CHECK_FALSE(world.schedule.heldBack(world.id("t5"), world.now));
    CHECK_TRUE(*world.schedule.nextWake(world.now) == world.now + 30s);
    world.now += 30s;
    CHECK_TRUE(world.take().size() >= 7);
  }
}

TEST(ClusterRate, BelievesNoMoreThanAMinuteOfItForOthersAndAllOfItForTheTarget) {
  targets(8);
  auto const taken = world.take(1);
  fail(taken.front(), KubeFailureKind::throttled, 10min);
  world.now += 1min;
  CHECK_EQUAL(7U, world.take().size());
  CHECK_TRUE(*world.schedule.dueAt(world.id(taken.front())) >= start + 10min);
}

TEST(ClusterRate, DoesNotMakeOtherFailuresAPause) {
  targets(8);
  auto const taken = world.take(1);
  fail(taken.front(), KubeFailureKind::invalid, 30s);
  CHECK_EQUAL(7U, world.take().size());
}

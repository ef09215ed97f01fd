// SPDX-License-Identifier: Apache-2.0
#include "schedule/gate.hpp"

#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;
using schedule::Gate;
using schedule::GateEffect;

TEST_GROUP(Gate) { sdk::BootTime now = start; };

TEST(Gate, HoldsNoMoreRoundsThanItHasSlots) {
  Gate gate({.perSecond = {}, .slots = 2}, now);
  gate.enter(1, now);
  gate.enter(1, now);
  CHECK_FALSE(gate.open(1, now));
  CHECK_FALSE(gate.opensAt(now).has_value());
  gate.leave(GateEffect::answered, now);
  CHECK_TRUE(gate.open(1, now));
}

TEST(Gate, LetsRoundsThatMakeNoCallPastTheRate) {
  Gate gate({.perSecond = 1, .slots = 9}, now);
  gate.enter(1, now);
  CHECK_FALSE(gate.open(1, now));
  CHECK_TRUE(gate.open(0, now));
}

TEST(Gate, StopsForAMinuteWhenTheCredentialsWereRefused) {
  Gate gate({.perSecond = {}, .slots = 1}, now);
  gate.enter(1, now);
  gate.leave(GateEffect::stop_minute, now);
  CHECK_FALSE(gate.open(1, now + 59s));
  CHECK_TRUE(gate.open(1, now + 60s));
}

TEST(Gate, OpensAgainAtOnceWhenTheCredentialsChanged) {
  Gate gate({.perSecond = {}, .slots = 1}, now);
  gate.enter(1, now);
  gate.leave(GateEffect::stop_minute, now);
  gate.lift(now);
  CHECK_TRUE(gate.open(1, now));
}

TEST(Gate, RampsUpAfterTheBreakerClosed) {
  Gate gate({.perSecond = 10, .slots = 9}, now);
  for (int i = 0; i < 5; ++i) {
    gate.enter(1, now);
    gate.leave(GateEffect::unanswered, now);
  }
  CHECK_TRUE(gate.breakerOpen());
  now += 5s;
  gate.enter(1, now);
  gate.leave(GateEffect::answered, now);
  CHECK_FALSE(gate.breakerOpen());
  DOUBLES_EQUAL(1.0, gate.rate(now), 0.01);
}

TEST(Gate, KeepsItsBreakersMemoryThroughAReload) {
  Gate gate({.perSecond = 10, .slots = 9}, now);
  for (int i = 0; i < 5; ++i) {
    gate.enter(1, now);
    gate.leave(GateEffect::unanswered, now);
  }
  gate.adopt({.perSecond = 20, .slots = 9}, now);
  CHECK_TRUE(gate.breakerOpen());
}

TEST(Gate, AddsUpHowLongRoundsHadBeenDue) {
  Gate gate({.perSecond = {}, .slots = 9}, now);
  gate.addWait(2s);
  gate.addWait(-5s);
  gate.addWait(500ms);
  CHECK_TRUE(gate.waited() == 2500ms);
}

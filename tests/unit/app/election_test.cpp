// SPDX-License-Identifier: Apache-2.0
#include "app/election.hpp"

#include <array>
#include <string>

#include "unit/kube/kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using app::Election;
using core::LeaseRecord;

// The server's Lease, and candidates that each live on a boot-time clock of their own.
TEST_GROUP(Election) {
  kube::test::HandClock clock{};
  std::optional<LeaseRecord> server{};
  Election us{{.identity = "us"}};

  void look(Election & who) const { who.observed(server, clock.boot()); }
  // A claim that the server takes after `delay`.
  void claim(Election & who, sdk::Milliseconds delay = 0ms) {
    auto const record = who.claim(clock.wall());
    auto const sentAt = clock.boot();
    clock.advance(delay);
    server = record;
    who.claimed(record, sentAt, clock.boot());
  }
  bool leads() const { return us.leads(clock.boot()); }
  bool mayClaim() const { return us.mayClaim(clock.boot()); }
  static LeaseRecord heldBy(std::string holder, sdk::Milliseconds duration = 15s) {
    return {.holder = std::move(holder),
            .duration = duration,
            .acquireTime = "2020-01-01T00:00:00.000000Z",
            .renewTime = "2020-01-01T00:00:00.000000Z",
            .transitions = 4};
  }
};

TEST(Election, HasTheTimesOfClientGo) {
  CHECK_TRUE(us.settings().renewDeadline() == 10s);
  CHECK_TRUE(us.settings().retry() == 2s);
}

TEST(Election, TakesALeaseThatIsNotThereAtOnce) {
  look(us);
  CHECK_FALSE(leads());
  CHECK_TRUE(mayClaim());
  claim(us);
  CHECK_TRUE(leads());
  LONGS_EQUAL(0, server->transitions);
  STRCMP_EQUAL("us", server->holder.c_str());
}

TEST(Election, TakesAReleasedLeaseAtOnceAndCountsTheTransition) {
  server = heldBy("", 1s);
  look(us);
  CHECK_TRUE(mayClaim());
  claim(us);
  LONGS_EQUAL(5, server->transitions);
}

TEST(Election, RespectsAnUnchangedRecordForItsDurationFromWhenItWasFirstSeen) {
  server = heldBy("other");
  look(us);
  clock.advance(14'999ms);
  look(us);
  CHECK_FALSE(mayClaim());
  clock.advance(1ms);
  CHECK_TRUE(mayClaim());
  claim(us);
  LONGS_EQUAL(5, server->transitions);
  CHECK_TRUE(leads());
}

TEST(Election, StartsToWaitAnewWithEachRenewal) {
  server = heldBy("other");
  look(us);
  for (int i = 0; i < 10; ++i) {
    clock.advance(10s);
    server->renewTime += "x";
    look(us);
    CHECK_FALSE(mayClaim());
  }
}

TEST(Election, NeverTrustsTheTimeStampsOfOthers) {
  // By its stamps this record ended in 2020; by our clock it was first seen now.
  server = heldBy("other");
  look(us);
  CHECK_FALSE(mayClaim());
  // And one from the far future that no longer changes is free after its duration.
  server->renewTime = "2999-01-01T00:00:00.000000Z";
  look(us);
  clock.advance(15s);
  CHECK_TRUE(mayClaim());
}

TEST(Election, RespectsTheDurationThatTheRecordSaysUnlessItIsNonsense) {
  server = heldBy("other", 60s);
  look(us);
  clock.advance(59s);
  CHECK_FALSE(mayClaim());
  clock.advance(1s);
  CHECK_TRUE(mayClaim());
  for (auto const nonsense :
       {sdk::Milliseconds(0ms), sdk::Milliseconds(-5s), sdk::Milliseconds(100'000h)}) {
    server = heldBy("other", nonsense);
    look(us);
    CHECK_FALSE(mayClaim());
    clock.advance(15s);
    CHECK_TRUE(mayClaim());
  }
}

TEST(Election, LeadsTenSecondsFromWhenTheLastRenewalWasSent) {
  look(us);
  claim(us, 3s);
  clock.advance(6'999ms);
  CHECK_TRUE(leads());
  clock.advance(1ms);
  CHECK_FALSE(leads());
}

TEST(Election, LeadsNotWhereTheReplyComesAfterAPauseOfTheProcess) {
  look(us);
  claim(us, 60s);
  CHECK_FALSE(leads());
}

TEST(Election, EndsEachWriteTwoSecondsBeforeAnybodyMayTakeOver) {
  look(us);
  auto const sentAt = clock.boot();
  claim(us, 1s);
  CHECK_TRUE(us.window().beginBefore == sentAt + 10s);
  CHECK_TRUE(us.window().endBy == sentAt + 13s);
  // Whoever saw the claim the moment it was sent waits until two seconds later.
  Election other{{.identity = "other"}};
  other.observed(server, sentAt);
  CHECK_TRUE(*other.freeAt() == us.window().endBy + 2s);
}

TEST(Election, RenewsWithoutATransitionAndKeepsSinceWhenItLeads) {
  look(us);
  claim(us);
  auto const first = *server;
  clock.advance(2s);
  claim(us);
  LONGS_EQUAL(0, server->transitions);
  STRCMP_EQUAL(first.acquireTime.c_str(), server->acquireTime.c_str());
  CHECK_TRUE(first.renewTime != server->renewTime);
}

TEST(Election, GivesWayToWhoTookOverWhileItSlept) {
  look(us);
  claim(us);
  clock.advance(1h);
  CHECK_FALSE(leads());
  server = heldBy("other");
  look(us);
  CHECK_FALSE(leads());
  CHECK_FALSE(mayClaim());
  CHECK_TRUE(us.window().endBy == sdk::BootTime{});
}

TEST(Election, GoesOnAtOnceAfterASleepInWhichNobodyTookOver) {
  look(us);
  claim(us);
  clock.advance(1h);
  look(us);
  CHECK_FALSE(leads());
  CHECK_TRUE(mayClaim());
  claim(us);
  CHECK_TRUE(leads());
  LONGS_EQUAL(0, server->transitions);
}

TEST(Election, LosesAtOnceWhenTheRecordNamesAnother) {
  look(us);
  claim(us);
  server = heldBy("other");
  look(us);
  CHECK_FALSE(leads());
}

TEST(Election, ClaimsAnewWhenTheLeaseWasDeleted) {
  server = heldBy("other");
  look(us);
  server.reset();
  look(us);
  CHECK_TRUE(mayClaim());
  claim(us);
  server.reset();
  look(us);
  CHECK_FALSE(leads());
  CHECK_TRUE(mayClaim());
}

TEST(Election, ReleasesAsClientGoDoes) {
  server = heldBy("other");
  look(us);
  clock.advance(15s);
  claim(us);
  auto const released = us.released(clock.wall());
  STRCMP_EQUAL("", released.holder.c_str());
  CHECK_TRUE(released.duration == 1s);
  LONGS_EQUAL(5, released.transitions);
}

TEST(Election, NeverHasTwoLeadersHoweverTheProcessesSleep) {
  Election other{{.identity = "other"}};
  std::array<Election*, 2> all{&us, &other};
  std::uint32_t dice = 1;
  int leaders = 0;
  int changes = 0;
  std::string last;
  for (int step = 0; step < 20'000; ++step) {
    dice = dice * 1664525U + 1013904223U;
    auto& who = *all[(dice >> 24U) % 2];
    look(who);
    // The claim is conditional on what was just seen, and its reply may be late.
    if (who.mayClaim(clock.boot())) claim(who, sdk::Milliseconds((dice >> 8U) % 3000));
    clock.advance(sdk::Milliseconds((dice >> 12U) % 9000));
    auto const both = us.leads(clock.boot()) && other.leads(clock.boot());
    CHECK_FALSE(both);
    for (auto* each : all) {
      if (!each->leads(clock.boot())) continue;
      ++leaders;
      changes += last != each->settings().identity ? 1 : 0;
      last = each->settings().identity;
    }
  }
  CHECK_TRUE(leaders > 1000);
  CHECK_TRUE(changes > 10);
}

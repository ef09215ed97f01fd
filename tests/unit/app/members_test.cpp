// SPDX-License-Identifier: Apache-2.0
#include "app/members.hpp"

#include <string>

#include "unit/kube/kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using app::Members;

TEST_GROUP(Members) {
  kube::test::HandClock clock{};
  app::Annotations lease{{"somebody.io/else", "stays"}};
  Members us{{.id = "00", .node = "node-a", .definitions = "aaaabbbbccccdddd"}};

  void say(Members & who) {
    auto const now = clock.boot();
    who.observed(lease, now);
    if (!who.due(now)) return;
    who.announce(lease, now);
    who.announced(now);
  }
  std::string differing() {
    us.observed(lease, clock.boot());
    std::string text;
    for (auto const& name : us.differing(clock.boot())) text += name + ";";
    return text;
  }
};

TEST(Members, AnnounceThemselvesOnceAMinute) {
  say(us);
  STRCMP_EQUAL("node-a aaaabbbbccccdddd 1", lease["member.kms-secretd.io/00"].c_str());
  clock.advance(59s);
  say(us);
  STRCMP_EQUAL("node-a aaaabbbbccccdddd 1", lease["member.kms-secretd.io/00"].c_str());
  clock.advance(1s);
  say(us);
  STRCMP_EQUAL("node-a aaaabbbbccccdddd 2", lease["member.kms-secretd.io/00"].c_str());
}

TEST(Members, SayWhoseDefinitionsDiffer) {
  Members same{{.id = "01", .node = "node-b", .definitions = "aaaabbbbccccdddd"}};
  Members differs{{.id = "02", .node = "node-c", .definitions = "1111222233334444"}};
  say(same);
  STRCMP_EQUAL("", differing().c_str());
  say(differs);
  STRCMP_EQUAL("node-c (definitions 111122223333);", differing().c_str());
}

TEST(Members, ForgetWhoHasNotCountedForTwoAndAHalfMinutes) {
  Members differs{{.id = "02", .node = "node-c", .definitions = "1111"}};
  say(us);
  say(differs);
  STRCMP_EQUAL("node-c (definitions 1111);", differing().c_str());
  clock.advance(149s);
  STRCMP_EQUAL("node-c (definitions 1111);", differing().c_str());
  clock.advance(1s);
  STRCMP_EQUAL("", differing().c_str());
  // And whoever writes next clears away what it left.
  say(us);
  CHECK_FALSE(lease.contains("member.kms-secretd.io/02"));
  CHECK_TRUE(lease.contains("somebody.io/else"));
}

TEST(Members, LeaveWithNothingButTheirOwnAnnotation) {
  Members other{{.id = "01", .node = "node-b", .definitions = "aaaa"}};
  say(us);
  say(other);
  us.leave(lease);
  CHECK_FALSE(lease.contains("member.kms-secretd.io/00"));
  CHECK_TRUE(lease.contains("member.kms-secretd.io/01"));
}

TEST(Members, AnnounceAgainWhatSomebodyTookAway) {
  say(us);
  lease.clear();
  say(us);
  CHECK_TRUE(lease.contains("member.kms-secretd.io/00"));
}

TEST(Members, TakeNoGarbageAndNoGiantsForMembersAndClearThemAway) {
  lease["member.kms-secretd.io/03"] = "";
  lease["member.kms-secretd.io/04"] = "node\x1b[31m 1111 1";
  lease["member.kms-secretd.io/05"] = std::string(100'000, 'x') + " 1111 1";
  lease["member.kms-secretd.io/06"] = "only-a-node";
  STRCMP_EQUAL("", differing().c_str());
  say(us);
  CHECK_EQUAL(2U, lease.size());
}

TEST(Members, KeepNoMoreThanThirtyTwo) {
  for (int i = 100; i < 400; ++i) {
    lease["member.kms-secretd.io/" + std::to_string(i)] = "node 1111 1";
  }
  us.observed(lease, clock.boot());
  CHECK_EQUAL(32U, us.differing(clock.boot()).size());
  us.announce(lease, clock.boot());
  CHECK_EQUAL(34U, lease.size());  // those, ours, and what is not a member's
}

// SPDX-License-Identifier: Apache-2.0
#include "report/event_series.hpp"

#include <set>
#include <string>

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;
namespace report = kms_secretd::report;
namespace sdk = kms_secretd::sdk;
using namespace std::chrono_literals;

TEST_GROUP(EventSeries) {
  report::Moment now{.boot = sdk::BootTime{1000s}, .wall = sdk::WallTime{1'800'000'000s}};
  report::EventSeries series{};

  static core::ClusterEvent event(std::string name = "db", std::string reason = "FetchFailed") {
    return {.about = {.namespaceName = "payments", .name = std::move(name)},
            .uid = "u-1",
            .warning = true,
            .reason = std::move(reason),
            .message = "m"};
  }
  void pass(sdk::Milliseconds time) {
    now.boot += time;
    now.wall += time;
  }
  // How many of so many events, one every `gap`, are written.
  int written(int count, sdk::Milliseconds gap) {
    int writes = 0;
    for (int i = 0; i < count; ++i) {
      if (series.admit(event(), now)) ++writes;
      pass(gap);
    }
    return writes;
  }
};

TEST(EventSeries, TellTheFirstOfItsKindAsANewObject) {
  auto const write = series.admit(event(), now);
  CHECK_TRUE(write->isNew);
  LONGS_EQUAL(1, write->count);
  CHECK_TRUE(write->first == now.wall && write->last == now.wall);
  CHECK_TRUE(write->name.starts_with("db."));
}

TEST(EventSeries, CountARepeatWithinTenMinutesAndCarryItsNewestWords) {
  auto const first = series.admit(event(), now);
  pass(9min);
  auto again = event();
  again.message = "newer";
  auto const second = series.admit(again, now);
  CHECK_FALSE(second->isNew);
  CHECK_EQUAL(first->name, second->name);
  LONGS_EQUAL(2, second->count);
  STRCMP_EQUAL("newer", second->event.message.c_str());
  CHECK_TRUE(second->first == first->first && second->last == now.wall);
}

TEST(EventSeries, BeginAnewAfterTenMinutesOfSilence) {
  auto const first = series.admit(event(), now);
  pass(10min + 1ms);
  auto const second = series.admit(event(), now);
  CHECK_TRUE(second->isNew);
  CHECK_TRUE(first->name != second->name);
  LONGS_EQUAL(1, second->count);
}

TEST(EventSeries, KeepReasonsObjectsAndTheirIncarnationsApart) {
  auto reborn = event();
  reborn.uid = "u-2";
  auto elsewhere = event();
  elsewhere.about.cluster = "other";
  for (auto const& each : {event(), event("db", "Contested"), event("api"), reborn, elsewhere}) {
    CHECK_TRUE(series.admit(each, now)->isNew);
  }
}

TEST(EventSeries, TellOfOneObjectTwentyFiveTimesAndThenOnceInFiveMinutes) {
  LONGS_EQUAL(25, written(100, 1s));
  pass(5min);
  LONGS_EQUAL(1, written(10, 1s));
}

TEST(EventSeries, ShowWithTheNextWriteWhatWasCountedInSilence) {
  static_cast<void>(written(100, 1s));
  pass(5min);
  LONGS_EQUAL(101, series.admit(event(), now)->count);
}

TEST(EventSeries, LetNoObjectSpendWhatAnotherMayTell) {
  static_cast<void>(written(100, 1s));
  CHECK_TRUE(series.admit(event("api"), now).has_value());
}

TEST(EventSeries, BoundAllObjectsTogether) {
  int writes = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (series.admit(event("s" + std::to_string(i)), now)) ++writes;
  }
  LONGS_EQUAL(200, writes);
  pass(1s);
  writes = 0;
  for (int i = 0; i < 100; ++i) {
    if (series.admit(event("t" + std::to_string(i)), now)) ++writes;
  }
  LONGS_EQUAL(10, writes);
}

TEST(EventSeries, LetGoodNewsLeaveRoomForWarnings) {
  auto const tell = [&](int count, bool warning) {
    int writes = 0;
    for (int i = 0; i < count; ++i) {
      auto each = event((warning ? "bad" : "good") + std::to_string(i), "Told");
      each.warning = warning;
      if (series.admit(each, now)) ++writes;
    }
    return writes;
  };
  LONGS_EQUAL(50, tell(1000, false));
  LONGS_EQUAL(150, tell(1000, true));
  pass(10s);
  LONGS_EQUAL(10, tell(1000, false));
  LONGS_EQUAL(90, tell(1000, true));
}

TEST(EventSeries, RememberNoMoreThanTheirBoundHoweverManyObjectsThereAre) {
  report::EventSeries small({.burst = 1e9, .remembered = 50});
  for (int i = 0; i < 1000; ++i) {
    static_cast<void>(small.admit(event("s" + std::to_string(i)), now));
    pass(1ms);
  }
  CHECK_TRUE(small.remembered() <= 100 && small.remembered() >= 70);
}

TEST(EventSeries, ForgetThoseThatWereSilentLongest) {
  report::EventSeries small({.burst = 1e9, .remembered = 8});
  for (int i = 0; i < 100; ++i) {
    static_cast<void>(small.admit(event("s" + std::to_string(i)), now));
    pass(1ms);
    auto const often = small.admit(event("often"), now);
    LONGS_EQUAL(i + 1, often ? often->count : i + 1);  // its budget may be spent, not its count
    auto const last = small.admit(event("s" + std::to_string(i)), now);
    LONGS_EQUAL(2, last->count);
    pass(1ms);
  }
}

TEST(EventSeries, TellAllOfItAnewWhereTheServerForgotTheObject) {
  static_cast<void>(series.admit(event(), now));
  auto const count = series.admit(event(), now);
  auto const anew = series.anew(*count, now);
  CHECK_TRUE(anew.isNew);
  CHECK_TRUE(anew.name != count->name);
  LONGS_EQUAL(2, anew.count);
  auto const next = series.admit(event(), now);
  CHECK_FALSE(next->isNew);
  CHECK_EQUAL(anew.name, next->name);
}

TEST(EventSeries, TryANewObjectAgainThatCouldNotBeWritten) {
  auto const write = series.admit(event(), now);
  series.lost(*write);
  auto const next = series.admit(event(), now);
  CHECK_TRUE(next->isNew);
  LONGS_EQUAL(2, next->count);
}

TEST(EventSeries, GiveNamesThatTheServerTakesAndThatNeverMeet) {
  std::set<std::string> names;
  auto const longName = std::string(235, 'a') + "." + std::string(17, 'b');
  for (int i = 0; i < 20; ++i) {
    auto const name = series.admit(event(longName, "r" + std::to_string(i)), now)->name;
    CHECK_TRUE(name.size() <= 253);
    CHECK_TRUE(name.find("..") == std::string::npos);
    names.insert(name);
  }
  CHECK_EQUAL(20U, names.size());
}

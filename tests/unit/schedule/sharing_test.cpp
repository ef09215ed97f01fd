// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "schedule/schedule.hpp"
#include "world.hpp"

#include <CppUTest/TestHarness.h>

using namespace schedule_test;
using sdk::FailureKind;

// Equal reads are answered once (rules 4).
TEST_GROUP(Sharing) {
  World world;
  void setup() override { world.store("a", 1).store("b", 1); }
  void readers(int count) {
    for (int i = 0; i < count; ++i) world.add(target("t" + std::to_string(i), {read("a", "one")}));
    world.load();
  }
};

TEST(Sharing, OneReadServesEveryTargetThatWaitsForIt) {
  readers(20);
  auto const first = world.take();
  CHECK_EQUAL(1U, first.size());
  world.succeed(first.front());
  std::size_t served = 0;
  for (auto more = world.take(); !more.empty(); more = world.take()) {
    for (auto const& name : more) world.succeed(name);
    served += more.size();
  }
  CHECK_EQUAL(19U, served);
}

TEST(Sharing, ServesThemBeforeOthersWhateverTheirPosition) {
  world.add(target("first", {read("a", "one")}));
  for (int i = 0; i < 50; ++i) {
    world.add(target("m" + std::to_string(i), {read("a", std::to_string(i))}));
  }
  world.add(target("z-last", {read("a", "one")}));
  world.load();
  CHECK_TRUE((world.take() == std::vector<std::string>{"first"}));
  world.succeed("first");
  CHECK_TRUE((world.take(1) == std::vector<std::string>{"z-last"}));
}

TEST(Sharing, AnAnswerThatIsOldIsReadAgain) {
  readers(1);
  world.runAll();
  world.now += 10s;
  world.schedule.force(world.id("t0"), world.now);
  CHECK_EQUAL(1U, world.take().size());
  world.schedule.force(world.id("t0"), world.now);
  world.add(target("other", {read("a", "two")}));
  world.load();
  CHECK_TRUE(world.take().empty());  // the read took the store's token
}

TEST(Sharing, ASilentReadIsNotTakenForAnAnswer) {
  readers(3);
  world.take();
  world.failFetch("t0", FailureKind::timed_out);
  CHECK_TRUE(world.take().empty());
  world.now += 1100ms;
  CHECK_EQUAL(1U, world.take().size());
}

TEST(Sharing, ANotFoundIsAnAnswerForAllWhoAsk) {
  readers(5);
  world.take();
  world.failFetch("t0", FailureKind::not_found);
  CHECK_EQUAL(4U, world.take().size());
}

TEST(Sharing, ATargetWithASecondReadStillWaitsForThatStore) {
  world.add(target("one", {read("a", "x")}));
  world.add(target("two", {read("a", "x"), read("b", "y")}));
  world.add(target("three", {read("b", "z")}));
  world.load();
  auto const first = world.take();
  CHECK_EQUAL(2U, first.size());
  for (auto const& name : first) world.succeed(name);
  CHECK_TRUE(world.take().empty());
  world.now += 1100ms;
  CHECK_EQUAL(1U, world.take().size());
}

// SPDX-License-Identifier: Apache-2.0
#include "app/plan_thread.hpp"

#include <poll.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;

TEST_GROUP(PlanThread) {
  std::shared_ptr<control::PlanUnderWay> plan = std::make_shared<control::PlanUnderWay>();
  app::PlanThread thread;

  // Waits as a store's rate makes it wait: until somebody ends it.
  static std::string untilEnded(platform::EventCancellation const& ending) {
    pollfd wake{.fd = ending.wakeFd(), .events = POLLIN, .revents = 0};
    ::poll(&wake, 1, 10'000);
    return ending.requested() ? "ended" : "hung";
  }
  static void waitFor(int fd) {
    pollfd wake{.fd = fd, .events = POLLIN, .revents = 0};
    CHECK_EQUAL(1, ::poll(&wake, 1, 10'000));
  }
};

TEST(PlanThread, TellsWhoWaitsWhatWasMadeAndTheMainLoopWhatWasRead) {
  thread.begin(plan, [](auto const&, auto const& spend) {
    for (auto const* store : {"east", "west", "east"}) spend(store);
    return std::string("made");
  });
  CHECK_TRUE(thread.busy());
  waitFor(plan->wakeFd());
  CHECK_EQUAL(std::string("made"), plan->document().value_or(""));
  CHECK_TRUE(thread.drain(10s));
  auto const spent = thread.collect();
  LONGS_EQUAL(2, spent.at("east"));
  LONGS_EQUAL(1, spent.at("west"));
  CHECK_TRUE(thread.collect().empty());
}

TEST(PlanThread, IsFreeForTheNextOneAndHoldsNothingOnceItWasCollected) {
  auto const held = std::make_shared<int>(1);
  thread.begin(plan, [held](auto const&, auto const&) { return std::string("first"); });
  while (thread.busy()) {
    waitFor(thread.wakeFd());
    (void)thread.collect();
  }
  LONGS_EQUAL(1, held.use_count());
  auto const next = std::make_shared<control::PlanUnderWay>();
  thread.begin(next, [](auto const&, auto const&) { return std::string("second"); });
  CHECK_TRUE(thread.drain(10s));
  CHECK_EQUAL(std::string("second"), next->document().value_or(""));
}

TEST(PlanThread, EndsWhenItIsTold) {
  thread.begin(plan, [](auto const& ending, auto const&) { return untilEnded(ending); });
  CHECK_FALSE(thread.drain(1ms));
  thread.end();
  CHECK_TRUE(thread.drain(10s));
  CHECK_EQUAL(std::string("ended"), plan->document().value_or(""));
}

TEST(PlanThread, EndsWhenWhoAskedGoes) {
  thread.begin(plan, [](auto const& ending, auto const&) { return untilEnded(ending); });
  plan->end();
  CHECK_TRUE(thread.drain(10s));
}

TEST(PlanThread, IsEndedAndJoinedByItsOwnEnd) {
  std::atomic<bool> left{false};
  {
    app::PlanThread other;
    other.begin(plan, [&left](auto const& ending, auto const&) {
      auto const how = untilEnded(ending);
      left = true;
      return how;
    });
  }
  CHECK_TRUE(left);
}

TEST(PlanThread, OutlivesAPlanThatBreaks) {
  thread.begin(
      plan, [](auto const&, auto const&) -> std::string { throw std::runtime_error("no memory"); });
  CHECK_TRUE(thread.drain(10s));
  CHECK_TRUE(plan->document().has_value());
  CHECK_TRUE(plan->document()->empty());
}

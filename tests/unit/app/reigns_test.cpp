// SPDX-License-Identifier: Apache-2.0
#include "app/reigns.hpp"

#include <atomic>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "app/in_parallel.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;

TEST_GROUP(Reigns) { app::Reigns reigns{}; };

TEST(Reigns, TheEndOfOneCancelsItsRoundsAndNoOthers) {
  reigns.begin("a");
  reigns.begin("b");
  auto const a = reigns.cancellation("a");
  auto const b = reigns.cancellation("b");
  reigns.end("a");
  CHECK_TRUE(a->requested());
  CHECK_FALSE(b->requested());
  CHECK_FALSE(reigns.lasts("a"));
  CHECK_TRUE(reigns.lasts("b"));
}

TEST(Reigns, ANewOneIsNotCancelledByTheEndOfTheOneBefore) {
  reigns.begin("a");
  reigns.end("a");
  reigns.end("a");
  reigns.begin("a");
  CHECK_FALSE(reigns.cancellation("a")->requested());
}

TEST(Reigns, EndWithTheirClusterAndAllAtOnce) {
  for (auto const* const name : {"a", "b", "c"}) reigns.begin(name);
  auto const b = reigns.cancellation("b");
  auto const c = reigns.cancellation("c");
  reigns.keepOnly(std::map<std::string, int>{{"a", 0}, {"c", 0}});
  CHECK_TRUE(b->requested());
  CHECK_TRUE(reigns.lasts("a") && reigns.lasts("c"));
  CHECK_TRUE(reigns.any());
  reigns.endAll();
  CHECK_TRUE(c->requested());
  CHECK_FALSE(reigns.any());
}

TEST_GROUP(InParallel){};

// Each waits for all the others to have begun: one after the other would never end.
TEST(InParallel, DoesAllAtOnceAndWaitsForAll) {
  std::vector<int> const items{0, 1, 2, 3};
  std::atomic<std::size_t> begun{0};
  std::atomic<std::size_t> ended{0};
  app::inParallel(items, [&](int) {
    ++begun;
    for (auto seen = begun.load(); seen < items.size(); seen = begun.load()) begun.wait(seen);
    begun.notify_all();
    ++ended;
  });
  CHECK_EQUAL(items.size(), ended.load());
}

TEST(InParallel, IsNothingForNothing) {
  app::inParallel(std::vector<int>{}, [](int) { FAIL("there is nothing to do"); });
}

// SPDX-License-Identifier: Apache-2.0
#include "app/worker_pool.hpp"

#include <poll.h>

#include <future>
#include <set>
#include <string>

#include <CppUTest/TestHarness.h>

namespace app = kms_secretd::app;
namespace core = kms_secretd::core;
using namespace std::chrono_literals;

TEST_GROUP(WorkerPool){static core::Outcome outcome(std::string name){
    return {.target = {.namespaceName = "ns", .name = std::move(name)}};
}
}
;

TEST(WorkerPool, BringsEveryOutcomeBack) {
  app::WorkerPool pool(4);
  for (int i = 0; i < 100; ++i) {
    pool.submit([i] { return outcome(std::to_string(i)); });
  }
  CHECK_TRUE(pool.drain(10s));
  std::set<std::string> names;
  for (auto const& each : pool.takeOutcomes()) names.insert(each.target.name);
  CHECK_EQUAL(100U, names.size());
  CHECK_EQUAL(4U, pool.idle());
}

TEST(WorkerPool, WakesWhoeverPolls) {
  app::WorkerPool pool(1);
  pool.submit([] { return outcome("a"); });
  pollfd descriptor{.fd = pool.wakeFd(), .events = POLLIN, .revents = 0};
  CHECK_EQUAL(1, ::poll(&descriptor, 1, 10'000));
  CHECK_EQUAL(1U, pool.takeOutcomes().size());
  CHECK_EQUAL(0, ::poll(&descriptor, 1, 0));
}

TEST(WorkerPool, CountsARoundAsBusyUntilItsOutcomeIsThere) {
  app::WorkerPool pool(2);
  std::promise<void> release;
  pool.submit([&] {
    release.get_future().wait();
    return outcome("a");
  });
  CHECK_EQUAL(1U, pool.idle());
  CHECK_FALSE(pool.drain(1ms));
  release.set_value();
  CHECK_TRUE(pool.drain(10s));
  CHECK_EQUAL(2U, pool.idle());
}

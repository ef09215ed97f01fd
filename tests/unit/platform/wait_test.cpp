// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "adjustable_clock.hpp"
#include "platform/guarded.hpp"
#include "platform/stop.hpp"
#include "platform/unique_fd.hpp"
#include "platform/wait.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;
using namespace std::chrono_literals;

TEST_GROUP(Wait) {
  AdjustableClock clock;
  UniqueFd silent{::eventfd(0, EFD_CLOEXEC)};
  UniqueFd ready{::eventfd(1, EFD_CLOEXEC)};
  EventCancellation cancellation;
  EventCancellation stop;

  WaitScope within(sdk::Milliseconds patience) {
    return {.clock = clock,
            .deadline = clock.boot() + patience,
            .cancellation = &cancellation,
            .stop = &stop};
  }
};

TEST(Wait, EndsWithTheDescriptor) {
  CHECK(waitFor(ready.get(), POLLIN, within(60s)) == WaitEnd::ready);
}

TEST(Wait, EndsWithTheDeadline) {
  CHECK(waitFor(silent.get(), POLLIN, within(20ms)) == WaitEnd::timed_out);
  CHECK(waitFor(-1, 0, within(1ms)) == WaitEnd::timed_out);
}

TEST(Wait, APassedDeadlineIsSeenThoughTheDescriptorIsReady) {
  CHECK(waitFor(ready.get(), POLLIN, within(0ms)) == WaitEnd::timed_out);
}

TEST(Wait, EitherCancellationWinsOverReadiness) {
  cancellation.request();
  CHECK(waitFor(ready.get(), POLLIN, within(60s)) == WaitEnd::cancelled);
  EventCancellation other;
  WaitScope scope = within(60s);
  scope.cancellation = &other;
  CHECK(waitFor(ready.get(), POLLIN, scope) == WaitEnd::ready);
  stop.request();
  CHECK(waitFor(ready.get(), POLLIN, scope) == WaitEnd::cancelled);
}

TEST(Wait, ACancellationFromAnotherThreadWakesIt) {
  std::thread canceller([this] { cancellation.request(); });
  CHECK(waitFor(silent.get(), POLLIN, within(60s)) == WaitEnd::cancelled);
  canceller.join();
}

TEST(Wait, TimeThatJumpedAsInASuspendEndsIt) {
  // The deadline is fixed before the clock jumps, or there would be nothing to jump over.
  auto const scope = within(3000s);
  std::thread jumper([this] { clock.advance(3600s); });
  CHECK(waitFor(silent.get(), POLLIN, scope) == WaitEnd::timed_out);
  jumper.join();
}

TEST(Wait, ACancellationStaysReadableForEveryPresentAndFutureWait) {
  cancellation.request();
  cancellation.request();
  for (int i = 0; i < 3; ++i) {
    pollfd watched{cancellation.wakeFd(), POLLIN, 0};
    CHECK_EQUAL(1, ::poll(&watched, 1, 0));
  }
  CHECK(cancellation.requested());
  CHECK(!stop.requested());
}

TEST(Wait, TheClocksGoOnAndKnowTheDate) {
  SystemClock const system;
  auto const before = system.boot();
  CHECK(before.time_since_epoch() > 0ms);
  CHECK(system.boot() >= before);
  CHECK(system.wall() > sdk::WallTime(std::chrono::seconds(1'700'000'000)));
}

TEST(Wait, AGuardedValueIsChangedByOneThreadAtATime) {
  Guarded<int> counter(0);
  auto const add = [&counter] {
    for (int i = 0; i < 10000; ++i) ++*counter.lock();
  };
  std::thread first(add);
  std::thread second(add);
  first.join();
  second.join();
  CHECK_EQUAL(20000, *counter.lock());
}

// SPDX-License-Identifier: Apache-2.0
#include "platform/wake_event.hpp"

#include <poll.h>

#include <atomic>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::platform;

namespace {

bool isReadable(WakeEvent const& event, int milliseconds) {
  pollfd readable{event.fd(), POLLIN, 0};
  return ::poll(&readable, 1, milliseconds) == 1;
}

}  // namespace

TEST_GROUP(WakeEvent) { WakeEvent event; };

TEST(WakeEvent, WakesUntilItIsCleared) {
  CHECK_FALSE(isReadable(event, 0));
  event.set();
  event.set();
  CHECK_TRUE(isReadable(event, 0));
  CHECK_TRUE(isReadable(event, 0));
  event.clear();
  CHECK_FALSE(isReadable(event, 0));
}

TEST(WakeEvent, WakesAgainAfterItWasCleared) {
  for (int i = 0; i < 3; ++i) {
    event.clear();
    event.set();
    CHECK_TRUE(isReadable(event, 0));
    event.clear();
  }
}

TEST(WakeEvent, LosesNothingThatIsAnnouncedWhileItIsCleared) {
  constexpr int each = 500'000;
  constexpr int announcers = 2;
  std::atomic<int> announced{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < announcers; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < each; ++n) {
        ++announced;
        event.set();
      }
    });
  }
  bool woken = true;
  for (int seen = 0; woken && seen < each * announcers; seen = announced) {
    woken = isReadable(event, 10'000);
    event.clear();
  }
  for (auto& thread : threads) thread.join();
  CHECK_TRUE(woken);
}

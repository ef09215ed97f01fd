// SPDX-License-Identifier: Apache-2.0
#include "platform/wait.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace kms_secretd::platform {
namespace {

using namespace std::chrono_literals;

// poll() sleeps by a clock that stands still during a suspend: look at the boot clock this often.
constexpr sdk::Milliseconds longestSlice = 2s;

bool requested(sdk::Cancellation const* cancellation) noexcept {
  return cancellation != nullptr && cancellation->requested();
}

pollfd watch(sdk::Cancellation const* cancellation) noexcept {
  return {cancellation != nullptr ? cancellation->wakeFd() : -1, POLLIN, 0};
}

}  // namespace

WaitEnd timeLeft(WaitScope const& scope) noexcept {
  if (requested(scope.cancellation) || requested(scope.stop)) return WaitEnd::cancelled;
  return scope.clock.boot() < scope.deadline ? WaitEnd::ready : WaitEnd::timed_out;
}

WaitEnd waitFor(int fd, short events, WaitScope const& scope) noexcept {
  std::array<pollfd, 3> watched{{{fd, events, 0}, watch(scope.cancellation), watch(scope.stop)}};
  for (;;) {
    if (requested(scope.cancellation) || requested(scope.stop)) return WaitEnd::cancelled;
    auto const left = scope.deadline - scope.clock.boot();
    if (left <= 0ms) return WaitEnd::timed_out;
    auto const slice = static_cast<int>(std::min(left, longestSlice).count());
    if (::poll(watched.data(), watched.size(), slice) <= 0) continue;
    if (requested(scope.cancellation) || requested(scope.stop)) return WaitEnd::cancelled;
    if (watched[0].revents != 0) return WaitEnd::ready;
  }
}

}  // namespace kms_secretd::platform

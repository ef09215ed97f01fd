// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>

namespace kms_secretd::platform {

/// How long one call may wait and who may end it early. All pointers outlive the call.
struct WaitScope {
  sdk::Clock const& clock;
  sdk::BootTime deadline{};
  sdk::Cancellation const* cancellation = nullptr;  ///< of the call; optional
  sdk::Cancellation const* stop = nullptr;          ///< of the process; optional
};

/// The code of the Failure (of kind internal) that a cancelled call returns.
inline constexpr char const* cancelledCode = "Cancelled";

/// How a wait ended.
enum class WaitEnd { ready, timed_out, cancelled };

/// timed_out or cancelled if there is no time left, or a cancellation is requested; else ready.
/// Cancellation wins. Does not wait.
[[nodiscard]] WaitEnd timeLeft(WaitScope const& scope) noexcept;

/// Waits until `fd` shows one of `events` (poll's POLLIN, POLLOUT; errors and hang-ups count as
/// ready), the boot-time deadline passes, or either cancellation is requested, which wins over
/// readiness. `fd` -1 waits for the two others only. A passed deadline is noticed even if `fd` is
/// always ready, and at most two seconds late after a suspend.
[[nodiscard]] WaitEnd waitFor(int fd, short events, WaitScope const& scope) noexcept;

}  // namespace kms_secretd::platform

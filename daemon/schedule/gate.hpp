// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include <kms-secretd/clock.hpp>

#include "schedule/breaker.hpp"
#include "schedule/token_bucket.hpp"
#include "schedule/waits.hpp"

namespace kms_secretd::schedule {

/// How much a peer (a store, a cluster) may be asked.
struct GateLimits {
  std::optional<double> perSecond{};  ///< calls; none = unlimited
  std::uint32_t slots = 1;            ///< rounds at once
  std::uint32_t burst = 0;            ///< calls at once before the rate counts; 0 = one second's
  friend bool operator==(GateLimits const&, GateLimits const&) = default;
};

/// Everything that decides whether a round may go to a peer now: rate, slots, breaker, stop.
/// Waiting happens in the queue, in front of the gate, never in a worker (rules 4).
class Gate {
 public:
  Gate(GateLimits limits, sdk::BootTime now);

  /// True if a round with `calls` calls may start now.
  [[nodiscard]] bool open(std::uint32_t calls, sdk::BootTime now);
  /// A round starts.
  void enter(std::uint32_t calls, sdk::BootTime now);
  /// The round ended, and this is what it told of the peer.
  void leave(GateEffect effect, sdk::BootTime now);
  /// A round made so many calls more (or less, where negative) than it entered with.
  void settle(double calls, sdk::BootTime now);
  /// The peer asked to be left alone for a while; at most a minute of it is believed.
  void pause(sdk::Milliseconds wait, sdk::BootTime now);
  /// A round that entered had been due for so long: for the rate, a slot, a breaker or a worker.
  void addWait(sdk::Milliseconds wait) noexcept {
    if (wait > sdk::Milliseconds(0)) waited_ += wait;
  }
  /// Lifts a stop: the credentials changed.
  void lift(sdk::BootTime now) noexcept { stoppedUntil_ = now; }
  /// When time alone may open it; nothing if it waits for a round to end.
  [[nodiscard]] std::optional<sdk::BootTime> opensAt(sdk::BootTime now);
  /// Takes over new limits and keeps the breaker's memory.
  void adopt(GateLimits limits, sdk::BootTime now);

  [[nodiscard]] bool breakerOpen() const noexcept { return breaker_.isOpen(); }
  [[nodiscard]] bool stopped(sdk::BootTime now) const noexcept { return now < stoppedUntil_; }
  [[nodiscard]] std::uint32_t inside() const noexcept { return inside_; }
  /// All waits together.
  [[nodiscard]] sdk::Milliseconds waited() const noexcept { return waited_; }
  /// Calls a second now; 0 = unlimited.
  [[nodiscard]] double rate(sdk::BootTime now) const noexcept;

 private:
  void fillBucket(sdk::BootTime now);

  GateLimits limits_;
  std::optional<TokenBucket> bucket_;
  Breaker breaker_;
  std::uint32_t inside_ = 0;
  sdk::Milliseconds waited_{0};
  sdk::BootTime stoppedUntil_{sdk::BootTime::min()};
  sdk::BootTime pausedUntil_{sdk::BootTime::min()};  // passes by itself: nobody is held back by it
};

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/clock.hpp>

namespace kms_secretd::schedule {

/// Stops calls to a peer that answers nothing (rules 5). Pure: time is passed in.
///
/// Five calls in a row without an answer open it. Then one probe is let through after 5 s, the
/// next after twice as long, up to 60 s. The first answer of any kind closes it.
class Breaker {
 public:
  /// True if a call may start now; while open only a probe may, and only one at a time.
  [[nodiscard]] bool allows(sdk::BootTime now) const noexcept;
  /// A call starts (a probe, if it is open).
  void started() noexcept;
  /// The peer answered, be it with an error. True if this closed an open breaker.
  bool answered() noexcept;
  /// The call ended unavailable or timed out.
  void unanswered(sdk::BootTime now) noexcept;
  /// The call ended without telling anything of the peer (cancelled).
  void abandoned() noexcept { probing_ = false; }
  /// True while calls are held back.
  [[nodiscard]] bool isOpen() const noexcept { return open_; }
  /// When the next probe may start, if it is open.
  [[nodiscard]] sdk::BootTime probeAt() const noexcept { return probeAt_; }

 private:
  int inARow_ = 0;
  bool open_ = false;
  bool probing_ = false;
  sdk::Milliseconds wait_{0};
  sdk::BootTime probeAt_{};
};

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::platform {

/// Tells systemd how the service fares (sd_notify protocol). Every call does nothing where
/// NOTIFY_SOCKET is unset, and none waits longer than a second for a systemd that does not listen:
/// then the news is lost. Main thread.
class ServiceManager {
 public:
  /// Start-up or reload is complete; `status` is the line that `systemctl status` shows.
  void ready(std::string_view status) const noexcept;
  /// A reload begins (with the time stamp that Type=notify-reload wants).
  void reloading() const noexcept;
  /// The stop begins.
  void stopping() const noexcept;
  /// Replaces the status line.
  void status(std::string_view text) const noexcept;
  /// The service is alive; to be called more often than watchdogInterval().
  void keepAlive() const noexcept;
  /// How often systemd expects keepAlive() (WatchdogSec); 0 = not at all.
  [[nodiscard]] sdk::Milliseconds watchdogInterval() const noexcept;
};

}  // namespace kms_secretd::platform

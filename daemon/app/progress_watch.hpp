// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include <kms-secretd/clock.hpp>

#include "core/config.hpp"
#include "core/definition.hpp"
#include "core/names.hpp"

namespace kms_secretd::app {

/// Whether the queue makes progress: rounds end, and what is due is handed out. What systemd's
/// watchdog is told hangs on it. Pure: time is passed in. Main thread.
class ProgressWatch {
 public:
  /// A round was handed to a worker; at `latest` it must have ended, whatever hangs.
  void handedOut(core::TargetId const& target, sdk::BootTime latest);
  /// A round ended.
  void ended(core::TargetId const& target);
  /// A turn of the main loop is over. `overdue`: something is due, a worker is idle, nothing is
  /// under way, and still nothing was handed out.
  void turned(bool overdue, sdk::BootTime now);
  /// What stands still, as a sentence; nothing if all moves.
  [[nodiscard]] std::optional<std::string> trouble(sdk::BootTime now) const;

 private:
  std::map<core::TargetId, sdk::BootTime> latest_;  // of the rounds under way
  std::optional<sdk::BootTime> overdueSince_{};
};

/// The longest time that a round of the target may take if every deadline in it is used up, and a
/// minute more.
[[nodiscard]] sdk::Milliseconds longestRound(core::Config const& config,
                                             core::TargetDefinition const& definition);

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include <kms-secretd/cancellation.hpp>

#include "platform/unique_fd.hpp"

namespace kms_secretd::platform {

/// A cancellation that others can poll for: an eventfd, written once and never read, so that it
/// stays readable and every present and future wait returns at once. Any thread.
class EventCancellation final : public sdk::Cancellation {
 public:
  /// Throws std::system_error if the process is out of descriptors (cannot start).
  EventCancellation();

  /// Asks for the end; the second call does nothing. Async-signal-safe.
  void request() noexcept;
  [[nodiscard]] bool requested() const noexcept override;
  [[nodiscard]] int wakeFd() const noexcept override { return event_.get(); }

 private:
  UniqueFd event_;
  std::atomic<bool> requested_{false};
};

/// The one cancellation of the process: requested at SIGTERM, ends every wait of this room.
using StopSignal = EventCancellation;

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/names.hpp"
#include "platform/guarded.hpp"
#include "platform/wake_event.hpp"

namespace kms_secretd::app {

/// Targets that the watch saw changing, on their way to the main thread.
class DirtyTargets {
 public:
  /// From any thread.
  void add(core::TargetId const& target);
  /// Wakes the main thread without a target; from any thread.
  void nudge() noexcept { wake_.set(); }
  /// Takes all of them; main thread.
  [[nodiscard]] std::vector<core::TargetId> take();
  /// Readable while there are some.
  [[nodiscard]] int wakeFd() const noexcept { return wake_.fd(); }

 private:
  platform::Guarded<std::vector<core::TargetId>> targets_;
  platform::WakeEvent wake_;
};

}  // namespace kms_secretd::app

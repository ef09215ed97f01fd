// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thread>

#include "platform/signals.hpp"
#include "platform/stop.hpp"

namespace kms_secretd::app {

/// While it lives, SIGTERM and SIGINT request `stop`: for commands that have no main loop and work
/// on the main thread. Ends with this object.
class SignalStop {
 public:
  /// Both outlive this object; nobody else takes from `signals` meanwhile.
  SignalStop(platform::SignalDescriptor& signals, platform::StopSignal& stop);
  ~SignalStop();
  SignalStop(SignalStop const&) = delete;
  SignalStop& operator=(SignalStop const&) = delete;

 private:
  platform::EventCancellation over_{};
  std::thread thread_;
};

}  // namespace kms_secretd::app

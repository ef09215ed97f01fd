// SPDX-License-Identifier: Apache-2.0
#include "app/signal_stop.hpp"

#include <poll.h>

#include <array>
#include <csignal>

namespace kms_secretd::app {

SignalStop::SignalStop(platform::SignalDescriptor& signals, platform::StopSignal& stop)
    : thread_([this, &signals, &stop] {
        while (!over_.requested()) {
          std::array descriptors{pollfd{.fd = signals.fd(), .events = POLLIN, .revents = 0},
                                 pollfd{.fd = over_.wakeFd(), .events = POLLIN, .revents = 0}};
          ::poll(descriptors.data(), descriptors.size(), -1);
          while (auto const signal = signals.take()) {
            if (*signal == SIGTERM || *signal == SIGINT) stop.request();
          }
        }
      }) {}

SignalStop::~SignalStop() {
  over_.request();
  thread_.join();
}

}  // namespace kms_secretd::app

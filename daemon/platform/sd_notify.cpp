// SPDX-License-Identifier: Apache-2.0
#include "platform/sd_notify.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <ctime>

namespace kms_secretd::platform {
namespace {

// One assignment per line is the protocol: a line break in a text would start another one.
std::string statusLine(std::string_view text) {
  std::string line = "STATUS=" + std::string(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

void tell(std::string const& state) noexcept { ::sd_notify(0, state.c_str()); }

std::string monotonicMicroseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::to_string(static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000);
}

}  // namespace

void ServiceManager::ready(std::string_view text) const noexcept {
  tell("READY=1\n" + statusLine(text));
}

void ServiceManager::reloading() const noexcept {
  tell("RELOADING=1\nMONOTONIC_USEC=" + monotonicMicroseconds());
}

void ServiceManager::stopping() const noexcept { tell("STOPPING=1"); }

void ServiceManager::status(std::string_view text) const noexcept { tell(statusLine(text)); }

void ServiceManager::keepAlive() const noexcept { tell("WATCHDOG=1"); }

sdk::Milliseconds ServiceManager::watchdogInterval() const noexcept {
  std::uint64_t microseconds = 0;
  if (::sd_watchdog_enabled(0, &microseconds) <= 0) return sdk::Milliseconds(0);
  return sdk::Milliseconds(static_cast<sdk::Milliseconds::rep>(microseconds / 1000));
}

}  // namespace kms_secretd::platform

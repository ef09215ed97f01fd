// SPDX-License-Identifier: Apache-2.0
#include "platform/sd_notify.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <ctime>

#include "platform/unique_fd.hpp"

namespace kms_secretd::platform {
namespace {

// One assignment per line is the protocol: a line break in a text would start another one.
std::string statusLine(std::string_view text) {
  std::string line = "STATUS=" + std::string(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

// How long news that matters wait for a service manager that does not read its socket. libsystemd's
// own call waits for ever, and the main loop with it.
constexpr timeval patience{.tv_sec = 1, .tv_usec = 0};

void tell(std::string const& state, int flags = 0) noexcept {
  auto const* const path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (path == nullptr || (*path != '/' && *path != '@')) return;
  std::string_view const name(path);
  if (name.size() >= sizeof(address.sun_path)) return;
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, name.size());
  if (*path == '@') address.sun_path[0] = '\0';  // not in the file system
  UniqueFd const socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  auto const length = offsetof(sockaddr_un, sun_path) + name.size();
  ::sendto(socket.get(), state.data(), state.size(), flags | MSG_NOSIGNAL,
           reinterpret_cast<sockaddr const*>(&address), static_cast<socklen_t>(length));
}

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

// The next one comes soon: it never waits.
void ServiceManager::keepAlive() const noexcept { tell("WATCHDOG=1", MSG_DONTWAIT); }

sdk::Milliseconds ServiceManager::watchdogInterval() const noexcept {
  std::uint64_t microseconds = 0;
  if (::sd_watchdog_enabled(0, &microseconds) <= 0) return sdk::Milliseconds(0);
  return sdk::Milliseconds(static_cast<sdk::Milliseconds::rep>(microseconds / 1000));
}

}  // namespace kms_secretd::platform

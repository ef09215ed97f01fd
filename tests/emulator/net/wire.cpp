// SPDX-License-Identifier: Apache-2.0
#include "emulator/net/wire.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace kms_secretd::emulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kDrainLimit{500};
constexpr int kDrainReads = 256;

milliseconds left(steady_clock::time_point end) {
  const auto rest = std::chrono::ceil<milliseconds>(end - steady_clock::now());
  return rest.count() < 0 ? milliseconds{0} : rest;
}

// poll() counts in int; a longer wait simply goes round again.
int clamp(milliseconds length) {
  constexpr milliseconds most{3'600'000};
  return static_cast<int>((length > most ? most : length).count());
}

}  // namespace

Wire::Wire(int fd) : fd_(fd), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_ < 0) {
    ::close(fd_);
    throw std::system_error(errno, std::generic_category(), "emulator: cannot make an eventfd");
  }
  ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Wire::~Wire() {
  close();
  ::close(wake_);
}

Wire::Wait Wire::await(short events, milliseconds limit) {
  const auto end = steady_clock::now() + limit;
  for (;;) {
    pollfd fds[2] = {{fd_, events, 0}, {wake_, POLLIN, 0}};
    const int count = ::poll(fds, 2, clamp(left(end)));
    if (count < 0 && errno != EINTR) return Wait::interrupted;
    if (count > 0 && fds[1].revents != 0) return Wait::interrupted;
    if (count > 0) return Wait::ready;
    if (steady_clock::now() >= end) return Wait::timeout;
  }
}

bool Wire::pause(milliseconds length) { return await(POLLRDHUP, length) == Wait::timeout; }

void Wire::finish() {
  if (fd_ < 0) return;
  ::shutdown(fd_, SHUT_WR);
  char sink[16384];
  for (int i = 0; i < kDrainReads; ++i) {
    if (await(POLLIN, kDrainLimit) != Wait::ready) return;
    if (::recv(fd_, sink, sizeof sink, 0) <= 0) return;
  }
}

void Wire::close() {
  if (fd_ < 0) return;
  if (reset_) {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  ::close(fd_);
  fd_ = -1;
}

void Wire::interrupt(bool reset) {
  if (reset) reset_ = true;
  interrupted_ = true;
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the wake-up is already there.
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#include "emulator/net/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>
#include <utility>

namespace kms_secretd::emulator {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), "emulator: " + what);
}

int boundSocket(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("cannot make a socket");
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    ::close(fd);
    errno = error;
    fail("cannot bind 127.0.0.1:" + std::to_string(port));
  }
  return fd;
}

std::uint16_t portOf(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

}  // namespace

Listener::Listener(std::uint16_t port, OnAccept onAccept)
    : onAccept_(std::move(onAccept)),
      reservation_(boundSocket(port)),
      port_(portOf(reservation_)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_ < 0) fail("cannot make an eventfd");
}

Listener::~Listener() {
  close();
  ::close(reservation_);
  ::close(wake_);
}

void Listener::open() {
  if (isOpen()) return;
  socket_ = boundSocket(port_);
  if (::listen(socket_, 1024) != 0) {
    ::close(std::exchange(socket_, -1));
    fail("cannot listen on port " + std::to_string(port_));
  }
  thread_ = std::thread([this] { run(); });
}

void Listener::close() {
  if (!isOpen()) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
  thread_.join();
  std::uint64_t drained = 0;
  [[maybe_unused]] const auto read = ::read(wake_, &drained, sizeof drained);
  ::close(std::exchange(socket_, -1));
}

void Listener::run() {
  for (;;) {
    pollfd fds[2] = {{socket_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (::poll(fds, 2, -1) < 0 && errno != EINTR) return;
    if (fds[1].revents != 0) return;
    const int fd = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
      onAccept_(fd);
    } else if (errno == EMFILE || errno == ENFILE) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));  // not a busy loop
    }
  }
}

}  // namespace kms_secretd::emulator

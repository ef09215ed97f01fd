// SPDX-License-Identifier: Apache-2.0
#include "emulator/net/stream.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <cerrno>

namespace kms_secretd::emulator {

std::ptrdiff_t PlainStream::read(std::span<char> into, std::chrono::milliseconds limit) {
  for (;;) {
    if (wire_.await(POLLIN, limit) != Wire::Wait::ready) return -1;
    const auto count = ::recv(wire_.fd(), into.data(), into.size(), 0);
    if (count >= 0 || (errno != EAGAIN && errno != EINTR)) return count;
  }
}

bool PlainStream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(wire_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EAGAIN && errno != EINTR) {
      return false;
    } else if (wire_.await(POLLOUT, kWriteLimit) != Wire::Wait::ready) {
      return false;
    }
  }
  return true;
}

}  // namespace kms_secretd::emulator

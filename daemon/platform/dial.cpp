// SPDX-License-Identifier: Apache-2.0
#include "platform/dial.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "platform/net_error.hpp"

namespace kms_secretd::platform {
namespace {

struct NumericAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

// Size 0 if `text` is no numeric address.
NumericAddress parse(std::string const& text, std::uint16_t port) noexcept {
  NumericAddress parsed;
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&parsed.storage);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&parsed.storage);
  if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    parsed.size = sizeof(sockaddr_in);
  } else if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    parsed.size = sizeof(sockaddr_in6);
  }
  return parsed;
}

ConnectionLost lost(std::string const& address, int error) {
  return ConnectionLost("cannot connect to " + address + ": " + connectProblem(error));
}

int pendingError(int fd) noexcept {
  int error = 0;
  socklen_t size = sizeof(error);
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

UniqueFd dialTcp(std::string const& address, std::uint16_t port, WaitScope const& scope) {
  auto const peer = parse(address, port);
  if (peer.size == 0) throw lost(address, EINVAL);
  UniqueFd socket(
      ::socket(peer.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (!socket) throw lost(address, errno);
  int const done =
      ::connect(socket.get(), reinterpret_cast<sockaddr const*>(&peer.storage), peer.size);
  if (done != 0 && errno != EINPROGRESS) throw lost(address, errno);
  await(socket.get(), POLLOUT, scope, "connecting");
  if (int const error = pendingError(socket.get()); error != 0) throw lost(address, error);
  int const on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return socket;
}

}  // namespace kms_secretd::platform

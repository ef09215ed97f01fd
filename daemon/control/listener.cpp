// SPDX-License-Identifier: Apache-2.0
#include "control/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <system_error>
#include <vector>

namespace kms_secretd::control {
namespace {

constexpr int backlog = 16;
constexpr ::mode_t socketMode = 0660;

[[noreturn]] void fail(std::string const& what, int error, std::string const& remedy) {
  throw ListenError(what + ": " + std::generic_category().message(error) + "; " + remedy);
}

platform::UniqueFd newSocket(int family) {
  platform::UniqueFd socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) fail("no socket can be made", errno, "raise LimitNOFILE");
  return socket;
}

sockaddr_un addressOf(std::string const& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    throw ListenError(path + " is too long for a unix socket: at most " +
                      std::to_string(sizeof address.sun_path - 1) + " bytes");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

// sockaddr is what the C interface wants to see of every kind of address.
template <class Address>
sockaddr const* plain(Address const& address) {
  return reinterpret_cast<sockaddr const*>(&address);
}

bool somebodyListens(sockaddr_un const& address) {
  auto const probe = newSocket(AF_UNIX);
  return ::connect(probe.get(), plain(address), sizeof address) == 0 || errno == EAGAIN;
}

void clearPlace(std::string const& path, sockaddr_un const& address) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return;
  if (!S_ISSOCK(facts.st_mode)) {
    throw ListenError(path + " is there and is no socket; remove it, or name another place");
  }
  if (somebodyListens(address)) {
    throw ListenError(path + " is in use by another process; is the daemon running already?");
  }
  ::unlink(path.c_str());
}

struct NumericAddress {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

std::optional<std::uint16_t> portIn(std::string_view text) {
  std::uint16_t port = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  auto const good = error == std::errc() && end == text.data() + text.size() && port > 0;
  return good ? std::optional(port) : std::nullopt;
}

std::optional<NumericAddress> numericAddress(std::string const& where) {
  auto const colon = where.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  auto const port = portIn(std::string_view(where).substr(colon + 1));
  auto host = where.substr(0, colon);
  NumericAddress address;
  auto& four = reinterpret_cast<sockaddr_in&>(address.bytes);
  auto& six = reinterpret_cast<sockaddr_in6&>(address.bytes);
  if (!port) return std::nullopt;
  if (::inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(*port);
    address.size = sizeof four;
    return address;
  }
  if (!host.starts_with('[') || !host.ends_with(']')) return std::nullopt;
  host = host.substr(1, host.size() - 2);
  if (::inet_pton(AF_INET6, host.c_str(), &six.sin6_addr) != 1) return std::nullopt;
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(*port);
  address.size = sizeof six;
  return address;
}

}  // namespace

UnixListener::UnixListener(std::string path) : path_(std::move(path)), socket_(newSocket(AF_UNIX)) {
  auto const address = addressOf(path_);
  clearPlace(path_, address);
  auto const bound = ::bind(socket_.get(), plain(address), sizeof address) == 0;
  if (!bound) fail(path_, errno, "the directory must exist and be the daemon's to write to");
  auto const open =
      ::chmod(path_.c_str(), socketMode) == 0 && ::listen(socket_.get(), backlog) == 0;
  if (open) return;
  auto const error = errno;
  ::unlink(path_.c_str());
  fail(path_, error, "look at the directory's rights");
}

UnixListener::~UnixListener() { ::unlink(path_.c_str()); }

platform::UniqueFd listenTcp(std::string const& where) {
  auto const address = numericAddress(where);
  if (!address) throw ListenError(where + " is not ADDRESS:PORT, like 127.0.0.1:9469");
  auto socket = newSocket(address->bytes.ss_family);
  int const one = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  auto const open = ::bind(socket.get(), plain(address->bytes), address->size) == 0 &&
                    ::listen(socket.get(), backlog) == 0;
  if (!open) fail(where, errno, "choose another address or port for [metrics] listen");
  return socket;
}

platform::UniqueFd acceptFrom(int listener) noexcept {
  return platform::UniqueFd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

bool peerAllowed(int connection) noexcept {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  if (peer.uid == 0 || peer.uid == ::geteuid() || peer.gid == ::getegid()) return true;
  std::vector<::gid_t> groups(256);
  size = static_cast<socklen_t>(groups.size() * sizeof(::gid_t));
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) return false;
  groups.resize(size / sizeof(::gid_t));
  return std::ranges::find(groups, ::getegid()) != groups.end();
}

}  // namespace kms_secretd::control

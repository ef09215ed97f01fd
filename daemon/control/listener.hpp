// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

#include "platform/unique_fd.hpp"

namespace kms_secretd::control {

/// A socket cannot be opened; the message says which, why and what to do.
class ListenError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A listening unix socket: made with mode 0660, so that the daemon's group may connect; removed
/// with this object. Not thread-safe.
class UnixListener {
 public:
  /// A socket that nobody listens on any more is replaced; one that somebody does is not, nor is
  /// anything that is no socket. Throws ListenError.
  explicit UnixListener(std::string path);
  ~UnixListener();
  UnixListener(UnixListener const&) = delete;
  UnixListener& operator=(UnixListener const&) = delete;

  [[nodiscard]] int fd() const noexcept { return socket_.get(); }

 private:
  std::string path_;
  platform::UniqueFd socket_;
};

/// A TCP socket that listens on "ADDRESS:PORT" ("[ADDRESS]:PORT" for IPv6), numeric. Throws
/// ListenError.
[[nodiscard]] platform::UniqueFd listenTcp(std::string const& where);

/// The next connection, non-blocking; empty if there is none now.
[[nodiscard]] platform::UniqueFd acceptFrom(int listener) noexcept;

/// True if the process at the other end of a unix socket may talk to us: root, our own user, or a
/// member of our group. The socket's mode says the same; this holds where the mode was changed.
[[nodiscard]] bool peerAllowed(int connection) noexcept;

}  // namespace kms_secretd::control

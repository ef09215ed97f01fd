// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <thread>

namespace kms_secretd::emulator {

/// Listens on 127.0.0.1 and hands accepted descriptors over. While closed the port stays reserved
/// (bound by a socket that does not listen), so that clients are refused and nobody takes it.
/// open() and close() belong to one thread at a time; `onAccept` runs on the listener's thread.
class Listener {
 public:
  using OnAccept = std::function<void(int fd)>;

  /// Binds; port 0 lets the kernel choose. Throws std::system_error.
  Listener(std::uint16_t port, OnAccept onAccept);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const { return port_; }
  bool isOpen() const { return thread_.joinable(); }
  void open();
  void close();

 private:
  void run();

  OnAccept onAccept_;
  int reservation_;
  std::uint16_t port_;
  int wake_;
  int socket_ = -1;
  std::thread thread_;
};

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>

namespace kms_secretd::emulator {

/// One accepted TCP connection: owns the descriptor and a wake-up, so that every wait of the
/// connection's thread can be ended by another thread. All methods belong to the connection's
/// thread, except interrupt() and interrupted().
class Wire {
 public:
  enum class Wait { ready, timeout, interrupted };

  /// Takes `fd` over and makes it non-blocking; throws std::system_error without descriptors.
  explicit Wire(int fd);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  int fd() const { return fd_; }
  /// Waits for poll `events`; errors of the connection count as ready, the next call reports them.
  Wait await(short events, std::chrono::milliseconds limit);
  /// Does nothing for `length`; false when the client hung up or somebody interrupted meanwhile.
  bool pause(std::chrono::milliseconds length);
  /// Orderly end: sends FIN, then discards what the client still sends so that no RST cuts our
  /// last bytes off.
  void finish();
  /// Makes close() send RST instead of FIN.
  void resetOnClose() { reset_ = true; }
  void close();

  /// Any thread: ends all waits of the connection's thread for good; `reset` as resetOnClose().
  void interrupt(bool reset);
  bool interrupted() const { return interrupted_; }

 private:
  int fd_;
  int wake_;
  std::atomic<bool> interrupted_{false};
  std::atomic<bool> reset_{false};
};

}  // namespace kms_secretd::emulator

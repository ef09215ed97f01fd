// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>

#include "platform/unique_fd.hpp"

namespace kms_secretd::platform {

/// Makes writing to a closed connection an error instead of the process' end: OpenSSL writes
/// without MSG_NOSIGNAL. Process-wide; any thread.
void ignoreBrokenPipes() noexcept;

/// Signals as a descriptor: blocks them in the calling thread, and so in every thread started
/// later. Build it in main before any thread; use it on the main thread.
class SignalDescriptor {
 public:
  /// Throws std::system_error if the kernel refuses (cannot start).
  SignalDescriptor(std::initializer_list<int> signals);

  /// Readable while a signal waits; for poll().
  [[nodiscard]] int fd() const noexcept { return descriptor_.get(); }
  /// The next waiting signal's number; does not block.
  [[nodiscard]] std::optional<int> take() noexcept;

 private:
  UniqueFd descriptor_;
};

}  // namespace kms_secretd::platform

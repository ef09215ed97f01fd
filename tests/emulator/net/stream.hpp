// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "emulator/net/wire.hpp"

namespace kms_secretd::emulator {

/// Bytes in both directions over one Wire, plain or TLS. Lives on the connection's thread.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Bytes read; 0 at the end of the stream; negative when broken, interrupted, or silent for
  /// longer than `limit`.
  virtual std::ptrdiff_t read(std::span<char> into, std::chrono::milliseconds limit) = 0;
  /// Writes everything; false when the client is gone or took nothing for half a minute.
  virtual bool write(std::string_view bytes) = 0;
  /// Orderly end in both senses: TLS close_notify, then Wire::finish().
  virtual void finish() = 0;
};

/// A Stream without encryption (the control port, and later the metadata service).
class PlainStream : public Stream {
 public:
  explicit PlainStream(Wire& wire) : wire_(wire) {}
  std::ptrdiff_t read(std::span<char> into, std::chrono::milliseconds limit) override;
  bool write(std::string_view bytes) override;
  void finish() override { wire_.finish(); }

 private:
  Wire& wire_;
};

/// How long a client may refuse to take bytes before it counts as gone.
inline constexpr std::chrono::milliseconds kWriteLimit{30'000};

}  // namespace kms_secretd::emulator

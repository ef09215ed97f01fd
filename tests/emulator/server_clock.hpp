// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kms_secretd::emulator {

/// The server's wall clock: the machine's clock plus an offset that tests set. Any thread.
class ServerClock {
 public:
  /// Seconds since 1970 (UTC) as this server believes.
  std::int64_t now() const;
  void setOffset(std::int64_t seconds) { offset_.store(seconds); }
  std::int64_t offset() const { return offset_.load(); }

 private:
  std::atomic<std::int64_t> offset_{0};
};

/// `YYYY-MM-DDThh:mm:ssZ`, the only form that the KMS protocol uses for time stamps.
std::string formatTimestamp(std::int64_t seconds);

/// The strict inverse of formatTimestamp; nothing for any other text or an impossible date.
std::optional<std::int64_t> parseTimestamp(std::string_view text);

/// The `Date` header's form (RFC 1123, GMT).
std::string formatHttpDate(std::int64_t seconds);

/// The strict inverse of formatHttpDate; nothing for any other text.
std::optional<std::int64_t> parseHttpDate(std::string_view text);

}  // namespace kms_secretd::emulator

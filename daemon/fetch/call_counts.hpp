// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::fetch {

/// Which calls are counted together.
struct CallKey {
  std::string store{};
  std::string outcome{};  ///< "ok" or the kind of failure
  std::string code{};     ///< of the service, for a failure that has one
  friend auto operator<=>(CallKey const&, CallKey const&) = default;
};

/// Calls of one kind.
struct CallCount {
  std::uint64_t calls = 0;
  sdk::Milliseconds time{0};  ///< of all of them together
};

/// Counts the calls to backends; reads answered by another's call are none. Any thread.
class CallCounts {
 public:
  /// How many different codes are told apart; a peer must not make the daemon grow.
  static constexpr std::size_t mostKeys = 500;

  void add(CallKey key, sdk::Milliseconds time);
  [[nodiscard]] std::map<CallKey, CallCount> all() const;

 private:
  mutable std::mutex mutex_{};
  std::map<CallKey, CallCount> counts_{};
};

}  // namespace kms_secretd::fetch

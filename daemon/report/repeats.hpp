// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "report/log.hpp"

namespace kms_secretd::report {

/// How often one and the same thing is said.
struct RepeatLimits {
  double burst = 3;
  sdk::Milliseconds refill{900'000};  ///< one more line
  std::size_t remembered = 512;       ///< things; the longest silent is forgotten
};

/// Keeps what comes and goes (a store, an API server, a watch, a note of a backend) from filling
/// the journal: its first lines are said, further ones counted, and the newest is said with their
/// count once it may be. Everything else passes. Pure; main thread.
class Repeats {
 public:
  explicit Repeats(RepeatLimits limits = {}) : limits_(limits) {}

  /// True if `line` may be said now; else it is counted.
  [[nodiscard]] bool admit(LogRecord const& line, sdk::BootTime now);
  /// The counted lines that may be said by now, each the newest of its kind, oldest first.
  [[nodiscard]] std::vector<LogRecord> look(sdk::BootTime now);

 private:
  struct Thing {
    double budget = 0;
    sdk::BootTime at{};  // when budget was right
    std::size_t folded = 0;
    sdk::BootTime last{};
    LogRecord newest{};
  };
  void refill(Thing& thing, sdk::BootTime now) const;

  RepeatLimits limits_;
  std::map<std::string, Thing> things_{};
};

}  // namespace kms_secretd::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "emulator/exchange.hpp"

namespace kms_secretd::emulator {

/// One answered (or dropped) request.
struct LogEntry {
  std::uint64_t sequence = 0;
  std::int64_t time = 0;  // server seconds
  std::uint64_t connection = 0;
  bool resumed = false;  // the TLS session
  Exchange exchange;
  int status = 0;
  std::size_t bytes = 0;   // of the reply's body before faults
  std::int64_t fault = 0;  // id of the rule that struck, or 0
};

/// Sums since the start or the last reset.
struct Counters {
  std::uint64_t connections = 0;
  std::uint64_t handshakes = 0;
  std::uint64_t failedHandshakes = 0;
  std::uint64_t resumedSessions = 0;
  std::uint64_t requests = 0;
  std::uint64_t badRequests = 0;
  std::uint64_t faults = 0;
  std::map<std::string, std::uint64_t> byOperation;
  std::map<std::string, std::uint64_t> byOutcome;
};

/// The newest requests and the sums over all. Not synchronised: see World.
class RequestLog {
 public:
  /// Numbers the entry and counts it; the oldest entry falls out of a full log.
  void add(LogEntry entry);
  /// Forgets entries and sums; the numbers go on.
  void clear();
  Counters& counters() { return counters_; }
  const std::deque<LogEntry>& entries() const { return entries_; }

  static constexpr std::size_t kMost = 20000;

 private:
  std::deque<LogEntry> entries_;
  Counters counters_;
  std::uint64_t lastSequence_ = 0;
};

}  // namespace kms_secretd::emulator

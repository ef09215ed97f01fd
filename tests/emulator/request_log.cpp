// SPDX-License-Identifier: Apache-2.0
#include "emulator/request_log.hpp"

#include <utility>

namespace kms_secretd::emulator {

void RequestLog::add(LogEntry entry) {
  entry.sequence = ++lastSequence_;
  ++counters_.requests;
  if (entry.fault != 0) ++counters_.faults;
  ++counters_.byOutcome[entry.exchange.outcome];
  // Only operations that exist: a client must not be able to grow the table.
  if (entry.exchange.authenticated) ++counters_.byOperation[entry.exchange.operation];
  entries_.push_back(std::move(entry));
  if (entries_.size() > kMost) entries_.pop_front();
}

void RequestLog::clear() {
  entries_.clear();
  counters_ = {};
}

}  // namespace kms_secretd::emulator

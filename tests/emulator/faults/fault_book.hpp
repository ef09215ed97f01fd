// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "emulator/exchange.hpp"
#include "emulator/faults/fault.hpp"

namespace kms_secretd::emulator {

/// A fault with its conditions and what became of it.
struct FaultRule {
  std::int64_t id = 0;
  FaultMatch match;
  FaultSchedule schedule;
  Fault fault;
  std::int64_t seen = 0;   // matching requests
  std::int64_t fired = 0;  // of these, hit
};

/// A fault that strikes now.
struct Strike {
  std::int64_t rule = 0;
  Fault fault;
};

/// The active rules in the order they were added; the first that is due strikes. No chance
/// anywhere: the same requests meet the same faults. Not synchronised: see World.
class FaultBook {
 public:
  /// Returns the rule's new id.
  std::int64_t add(FaultRule rule);
  bool erase(std::int64_t id);
  void clear() { rules_.clear(); }
  const std::vector<FaultRule>& rules() const { return rules_; }

  /// Asked once per authenticated request.
  std::optional<Strike> strikeReply(const Exchange& exchange);
  /// Asked once per accepted connection, before TLS.
  std::optional<Strike> strikeConnection();

 private:
  std::vector<FaultRule> rules_;
  std::int64_t lastId_ = 0;
};

}  // namespace kms_secretd::emulator

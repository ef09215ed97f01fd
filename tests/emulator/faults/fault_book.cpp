// SPDX-License-Identifier: Apache-2.0
#include "emulator/faults/fault_book.hpp"

namespace kms_secretd::emulator {
namespace {

bool isWanted(const FaultMatch& match, const Exchange& exchange) {
  return (match.operation.empty() || match.operation == exchange.operation) &&
         (match.secret.empty() || match.secret == exchange.secret) &&
         (match.accessKey.empty() || match.accessKey == exchange.accessKey);
}

// Counts one matching request and says whether it is hit.
bool isDue(FaultRule& rule) {
  ++rule.seen;
  if (rule.schedule.count && rule.fired >= *rule.schedule.count) return false;
  const std::int64_t position = rule.seen - rule.schedule.skip;
  if (position <= 0 || position % rule.schedule.every != 0) return false;
  ++rule.fired;
  return true;
}

}  // namespace

std::int64_t FaultBook::add(FaultRule rule) {
  rule.id = ++lastId_;
  rules_.push_back(std::move(rule));
  return lastId_;
}

bool FaultBook::erase(std::int64_t id) {
  return std::erase_if(rules_, [&](const FaultRule& rule) { return rule.id == id; }) != 0;
}

std::optional<Strike> FaultBook::strikeReply(const Exchange& exchange) {
  for (FaultRule& rule : rules_) {
    if (rule.fault.kind == FaultKind::tls || !isWanted(rule.match, exchange)) continue;
    if (isDue(rule)) return Strike{rule.id, rule.fault};
  }
  return std::nullopt;
}

std::optional<Strike> FaultBook::strikeConnection() {
  for (FaultRule& rule : rules_) {
    if (rule.fault.kind == FaultKind::tls && isDue(rule)) return Strike{rule.id, rule.fault};
  }
  return std::nullopt;
}

}  // namespace kms_secretd::emulator

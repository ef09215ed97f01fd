// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/outcome.hpp"
#include "schedule/waits.hpp"

namespace schedule_test {

namespace core = kms_secretd::core;
namespace schedule = kms_secretd::schedule;
namespace sdk = kms_secretd::sdk;

/// Who did not do what a round needed.
enum class Peer { store, cluster, nobody };

/// One row of the failure table (rules 5): how a round ended, when its target comes again, what
/// becomes of the others that need the same peer. failures_test.cpp proves each on the real
/// schedule; docs/rules.md is made from the same rows.
struct FailureRow {
  Peer peer = Peer::nobody;
  std::string kind{};     ///< as logs and the status show it
  std::string when{};     ///< in an admin's words
  core::Outcome ended{};  ///< without target and source
  schedule::WaitRule wait{};
  schedule::GateEffect effect{};
};

/// What a rule means: in words, and as the waits after the first four failures in a row.
struct WaitRow {
  schedule::WaitRule rule{};
  std::string words{};
  std::vector<sdk::Milliseconds> atTenSeconds{};  ///< interval = 10 s
  std::vector<sdk::Milliseconds> atTenMinutes{};  ///< interval = 10 min
  std::vector<sdk::Milliseconds> atOneHour{};     ///< interval = 1 h
};

[[nodiscard]] std::vector<FailureRow> failureRows();
[[nodiscard]] std::vector<WaitRow> waitRows();
/// The row of a rule; terminates where there is none.
[[nodiscard]] WaitRow waitRow(schedule::WaitRule rule);
/// What becomes of the others that need the same peer, in words.
[[nodiscard]] std::string wordsOf(schedule::GateEffect effect, Peer peer);

}  // namespace schedule_test

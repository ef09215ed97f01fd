// SPDX-License-Identifier: Apache-2.0
#include "app/progress_watch.hpp"

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;

// Observe, a dry run, the apply, and its withdrawal or the second half of a recreate.
constexpr int requestsOfARound = 6;
constexpr sdk::Milliseconds slack = 1min;
// A breaker lets a probe through every minute, a stopped store as well: ten are too many to miss.
constexpr sdk::Milliseconds longestOverdue = 10min;

std::string seconds(sdk::Milliseconds time) { return std::to_string(time.count() / 1000) + " s"; }

}  // namespace

void ProgressWatch::handedOut(core::TargetId const& target, sdk::BootTime latest) {
  latest_[target] = latest;
}

void ProgressWatch::ended(core::TargetId const& target) { latest_.erase(target); }

void ProgressWatch::turned(bool overdue, sdk::BootTime now) {
  if (!overdue) {
    overdueSince_.reset();
  } else if (!overdueSince_) {
    overdueSince_ = now;
  }
}

std::optional<std::string> ProgressWatch::trouble(sdk::BootTime now) const {
  for (auto const& [target, latest] : latest_) {
    if (now <= latest) continue;
    return target.text() + ": its round should have ended " + seconds(now - latest) +
           " ago, whatever it waits for";
  }
  if (overdueSince_ && now - *overdueSince_ > longestOverdue) {
    return "secrets are due and no round was begun for " + seconds(now - *overdueSince_);
  }
  return std::nullopt;
}

sdk::Milliseconds longestRound(core::Config const& config,
                               core::TargetDefinition const& definition) {
  auto longest = slack;
  auto const cluster = config.clusters.find(definition.id.cluster);
  if (cluster != config.clusters.end()) longest += requestsOfARound * cluster->second.timeout;
  for (auto const& read : definition.reads()) {
    auto const store = config.stores.find(read.store);
    if (store != config.stores.end()) longest += store->second.timeout;
  }
  return longest;
}

}  // namespace kms_secretd::app

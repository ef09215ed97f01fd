// SPDX-License-Identifier: Apache-2.0
#include "report/alike_failures.hpp"

#include <algorithm>
#include <utility>

#include "report/clock_words.hpp"

namespace kms_secretd::report {
namespace {

std::string placeOf(FailureKey const& key) {
  return key.store.empty() ? core::ofCluster(key.cluster) : "store " + key.store + ": ";
}

std::string causeWords(FailureKey const& key) {
  std::string const kind = core::nameOf(key.kind);
  return " (" + (key.cause == kind ? kind : kind + ", " + key.cause) + ")";
}

LogRecord lineOf(EventId event, FailureKey const& key, std::size_t secrets, std::uint64_t rounds,
                 std::string message) {
  LogRecord line{.event = event,
                 .severity = rowOf(event).severity,
                 .message = std::move(message),
                 .fields = {{"KMS_SECRETD_OUTCOME", core::nameOf(key.kind)},
                            {"KMS_SECRETD_CAUSE", key.cause},
                            {"KMS_SECRETD_SECRETS", std::to_string(secrets)},
                            {"KMS_SECRETD_FAILED_ROUNDS", std::to_string(rounds)}}};
  if (!key.store.empty()) line.fields.push_back({"KMS_SECRETD_STORE", key.store});
  if (!key.cluster.empty()) line.fields.push_back({"KMS_SECRETD_CLUSTER", key.cluster});
  return line;
}

}  // namespace

bool AlikeFailures::admit(FailureKey const& key, bool begins, std::string sentence,
                          sdk::BootTime now, sdk::WallTime wall) {
  auto const [at, isNew] = groups_.try_emplace(key);
  auto& group = at->second;
  if (isNew || now - group.window >= limits_.window) {
    group.window = now;
    group.alone = 0;
  }
  if (!std::exchange(group.open, true)) {
    group.since = wall;
    group.opened = now;
    group.told = false;
    group.unsaid = 0;
    group.peak = 0;
    group.rounds = 0;
  }
  ++group.rounds;
  group.example = std::move(sentence);
  if (!begins) return false;
  if (!group.told && group.alone < limits_.alone) {
    ++group.alone;
    return true;
  }
  ++group.unsaid;
  return false;
}

bool AlikeFailures::spokenFor(FailureKey const& key, std::size_t members) const {
  return members > limits_.alone && groups_.contains(key);
}

bool AlikeFailures::due(Group const& group, std::size_t members, sdk::BootTime now) const {
  if (group.told) {
    auto const grown = group.unsaid > 0 && members >= 2 * group.spokenOf;
    return now - group.spoken >= (grown ? limits_.growth : limits_.window);
  }
  if (group.unsaid == 0) return now - group.opened >= limits_.window;
  return now - group.opened >= limits_.first &&
         (!group.spokenEver || now - group.spoken >= limits_.growth);
}

std::vector<LogRecord> AlikeFailures::look(
    std::function<std::size_t(FailureKey const&)> const& members, sdk::BootTime now) {
  std::vector<LogRecord> lines;
  for (auto at = groups_.begin(); at != groups_.end();) {
    auto& [key, group] = *at;
    auto const count = members(key);
    group.peak = std::max(group.peak, count);
    if (count == 0 && group.open) {
      group.open = false;
      auto const paused = group.spokenEver && now - group.spoken < limits_.growth;
      if (group.told || (group.unsaid > 0 && !paused)) {
        lines.push_back(ended(key, group));
        group.spokenEver = true;
        group.spoken = now;
      }
    }
    auto const many = count > limits_.alone || group.unsaid > 0;
    if (group.open && many && due(group, count, now))
      lines.push_back(reminder(key, group, count, now));
    // A closed one is remembered for a while, so that coming and going renews no right to be said.
    auto const forgotten = !group.open && now - group.window >= limits_.window;
    at = forgotten ? groups_.erase(at) : std::next(at);
  }
  return lines;
}

std::vector<LogRecord> AlikeFailures::rest(
    std::function<std::size_t(FailureKey const&)> const& members, sdk::BootTime now) {
  std::vector<LogRecord> lines;
  for (auto& [key, group] : groups_) {
    if (!group.open || group.unsaid == 0) continue;
    lines.push_back(reminder(key, group, members(key), now));
  }
  return lines;
}

LogRecord AlikeFailures::reminder(FailureKey const& key, Group& group, std::size_t members,
                                  sdk::BootTime now) const {
  group.told = true;
  group.spokenEver = true;
  group.spokenOf = members;
  group.spoken = now;
  group.unsaid = 0;
  return lineOf(EventId::failures_alike, key, members, group.rounds,
                placeOf(key) + std::to_string(members) +
                    (members == 1 ? " Secret fails" : " Secrets fail alike") + causeWords(key) +
                    " since " + clockTime(group.since) + ", in " + std::to_string(group.rounds) +
                    " rounds so far; they are not said one by one, kms-secretctl status lists "
                    "them; the latest: " +
                    group.example);
}

// Not "in sync again": some may fail in another way by now, which has lines of its own.
LogRecord AlikeFailures::ended(FailureKey const& key, Group const& group) {
  return lineOf(EventId::failures_ended, key, group.peak, group.rounds,
                placeOf(key) + "no Secret fails" + causeWords(key) + " any more; up to " +
                    std::to_string(group.peak) + " did since " + clockTime(group.since) + ", in " +
                    std::to_string(group.rounds) + " rounds");
}

}  // namespace kms_secretd::report

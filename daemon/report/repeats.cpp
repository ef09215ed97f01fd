// SPDX-License-Identifier: Apache-2.0
#include "report/repeats.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace kms_secretd::report {
namespace {

// What makes two lines the same: a state of a place, whatever the words; or the words. Empty for
// what is said each time, such as all that somebody asked for.
std::string sameness(LogRecord const& line) {
  std::string text = rowOf(line.event).name;
  switch (line.event) {
    case EventId::store_silent:
    case EventId::store_back:
    case EventId::cluster_silent:
    case EventId::cluster_back:
    case EventId::watch_broken:
    case EventId::watch_back:
      for (auto const& field : line.fields) text.append("\n").append(field.value);
      return text;
    case EventId::store_notice:
    case EventId::lease_trouble:
    case EventId::login_not_renewed:
    case EventId::deletion_trouble:
      return text.append("\n").append(line.message);
    default:
      return {};
  }
}

}  // namespace

void Repeats::refill(Thing& thing, sdk::BootTime now) const {
  auto const passed = std::chrono::duration<double>(now - thing.at);
  thing.budget = std::min(limits_.burst,
                          thing.budget + passed / std::chrono::duration<double>(limits_.refill));
  thing.at = now;
}

bool Repeats::admit(LogRecord const& line, sdk::BootTime now) {
  auto const name = sameness(line);
  if (name.empty()) return true;
  if (!things_.contains(name)) {
    if (things_.size() >= limits_.remembered) {
      things_.erase(
          std::ranges::min_element(things_, {}, [](auto const& each) { return each.second.last; }));
    }
    things_[name] = {.budget = limits_.burst, .at = now};
  }
  auto& thing = things_[name];
  refill(thing, now);
  thing.last = now;
  if (thing.budget >= 1 && thing.folded == 0) {
    --thing.budget;
    return true;
  }
  ++thing.folded;
  thing.newest = line;
  return false;
}

std::vector<LogRecord> Repeats::look(sdk::BootTime now) {
  std::vector<std::pair<sdk::BootTime, LogRecord>> due;
  for (auto& [name, thing] : things_) {
    if (thing.folded == 0) continue;
    refill(thing, now);
    if (thing.budget < 1) continue;
    --thing.budget;
    auto line = std::exchange(thing.newest, {});
    line.message += " (" + std::to_string(thing.folded) + (thing.folded == 1 ? " time" : " times") +
                    " since it was last said)";
    line.fields.push_back({"KMS_SECRETD_REPEATS", std::to_string(thing.folded)});
    thing.folded = 0;
    due.emplace_back(thing.last, std::move(line));
  }
  // What holds now stands last.
  std::ranges::stable_sort(due, {}, [](auto const& each) { return each.first; });
  std::vector<LogRecord> lines;
  lines.reserve(due.size());
  for (auto& each : due) lines.push_back(std::move(each.second));
  return lines;
}

}  // namespace kms_secretd::report

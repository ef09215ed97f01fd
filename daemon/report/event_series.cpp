// SPDX-License-Identifier: Apache-2.0
#include "report/event_series.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>
#include <vector>

namespace kms_secretd::report {
namespace {

constexpr std::size_t longestName = 253;
constexpr std::size_t longestSuffix = 17;  // '.' and 16 digits

std::string hex(std::uint64_t number) {
  std::array<char, 16> digits{};
  auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return {digits.data(), end};
}

template <class Budget>
void refill(Budget& budget, double most, sdk::Milliseconds each, sdk::BootTime now) {
  auto const passed = std::chrono::duration<double>(now - budget.at);
  budget.tokens = std::min(most, budget.tokens + passed / std::chrono::duration<double>(each));
  budget.at = now;
}

// Makes room for one more and some: a quarter goes, those that were silent longest. Looking for the
// one that was silent longest at each event would cost more than all else that is done with it.
template <class Map>
void makeRoom(Map& map, std::size_t most) {
  if (map.size() < most) return;
  std::vector<typename Map::iterator> oldest;
  for (auto at = map.begin(); at != map.end(); ++at) oldest.push_back(at);
  auto const goes = oldest.begin() + static_cast<std::ptrdiff_t>((oldest.size() + 3) / 4);
  std::ranges::nth_element(oldest, goes - 1, {}, [](auto const& at) { return at->second.at; });
  for (auto at = oldest.begin(); at != goes; ++at) map.erase(*at);
}

}  // namespace

std::optional<core::ClusterEventWrite> EventSeries::admit(core::ClusterEvent const& event,
                                                          Moment now) {
  auto& series = seriesOf(event, now);
  if (!affords(event, now.boot)) return std::nullopt;
  if (series.name.empty()) series.name = freshName(event, now);
  return core::ClusterEventWrite{.event = event,
                                 .isNew = !std::exchange(series.told, true),
                                 .name = series.name,
                                 .count = series.count,
                                 .first = series.first,
                                 .last = now.wall};
}

EventSeries::Series& EventSeries::seriesOf(core::ClusterEvent const& event, Moment now) {
  Key const key{event.about, event.uid, event.reason};
  auto at = series_.find(key);
  if (at != series_.end() && now.boot - at->second.at > limits_.together) {
    series_.erase(at);
    at = series_.end();
  }
  if (at == series_.end()) {
    makeRoom(series_, limits_.remembered);
    at = series_.emplace(key, Series{}).first;
    at->second.first = now.wall;
  }
  auto& series = at->second;
  series.at = now.boot;
  ++series.count;
  return series;
}

bool EventSeries::affords(core::ClusterEvent const& event, sdk::BootTime now) {
  if (!std::exchange(begun_, true)) {
    all_ = {.tokens = limits_.burst, .at = now};
    good_ = {.tokens = limits_.goodBurst, .at = now};
  }
  refill(all_, limits_.burst, limits_.refill, now);
  refill(good_, limits_.goodBurst, limits_.goodRefill, now);
  if (all_.tokens < 1 || (!event.warning && good_.tokens < 1)) return false;
  if (!budgets_.contains(event.about)) {
    makeRoom(budgets_, limits_.remembered);
    budgets_[event.about] = {.tokens = limits_.objectBurst, .at = now};
  }
  auto& budget = budgets_[event.about];
  refill(budget, limits_.objectBurst, limits_.objectRefill, now);
  if (budget.tokens < 1) return false;
  --budget.tokens;
  --all_.tokens;
  if (!event.warning) --good_.tokens;
  return true;
}

core::ClusterEventWrite EventSeries::anew(core::ClusterEventWrite write, Moment now) {
  write.isNew = true;
  write.name = freshName(write.event, now);
  auto const at = series_.find({write.event.about, write.event.uid, write.event.reason});
  if (at != series_.end()) at->second.name = write.name;
  return write;
}

void EventSeries::lost(core::ClusterEventWrite const& write) {
  auto const at = series_.find({write.event.about, write.event.uid, write.event.reason});
  if (at != series_.end() && write.isNew) at->second.told = false;
}

// As client-go names them: the object, and the time, with a number behind it against two of one
// millisecond. A cut name must not end in a dot.
std::string EventSeries::freshName(core::ClusterEvent const& event, Moment now) {
  auto name = event.about.name.str().substr(0, longestName - longestSuffix);
  while (!name.empty() && (name.back() == '.' || name.back() == '-')) name.pop_back();
  auto const millis = static_cast<std::uint64_t>(now.wall.time_since_epoch().count());
  return name + "." + hex(millis * 1000 + named_++ % 1000);
}

}  // namespace kms_secretd::report

// SPDX-License-Identifier: Apache-2.0
#include "schedule/queue.hpp"

#include <algorithm>
#include <tuple>

namespace kms_secretd::schedule {
namespace {

// An entry may need several stores; behind a head that waits for another store only a few more are
// looked at, so that picking stays cheap.
constexpr int entriesLookedAt = 16;

}  // namespace

LaneKey Entry::lane() const {
  return {definition->id.cluster, reads.empty() ? core::SharedText{} : reads.front().store};
}

bool Queue::Urgency::operator()(Entry const* a, Entry const* b) const noexcept {
  return std::tie(a->reason, a->due, a->definition->id) <
         std::tie(b->reason, b->due, b->definition->id);
}

// Which of two at one time goes first is the lanes' to say.
bool Queue::Earlier::operator()(Entry const* a, Entry const* b) const noexcept {
  return std::tie(a->due, a) < std::tie(b->due, b);
}

void Queue::plan(Entry& entry, core::DueReason reason, sdk::BootTime due) {
  remove(entry, Place::waiting);
  entry.reason = reason;
  entry.due = due;
  waiting_.insert(&entry);
}

template <class Key>
void Queue::takeOut(std::map<Key, Lane>& lanes, Key const& key, Entry& entry) {
  auto const lane = lanes.find(key);
  lane->second.erase(&entry);
  if (lane->second.empty()) lanes.erase(lane);
}

void Queue::remove(Entry& entry, Place place) {
  switch (entry.place) {
    case Place::waiting:
      waiting_.erase(&entry);
      break;
    case Place::ready:
      takeOut(lanes_, entry.lane(), entry);
      break;
    case Place::express:
      takeOut(express_, entry.definition->id.cluster.str(), entry);
      break;
    case Place::resting:
    case Place::parked:
    case Place::in_flight:
      break;
  }
  entry.place = place;
}

void Queue::express(Entry& entry) {
  remove(entry, Place::express);
  express_[entry.definition->id.cluster].insert(&entry);
}

void Queue::promote(sdk::BootTime now) {
  while (!waiting_.empty() && (*waiting_.begin())->due <= now) {
    auto first = waiting_.extract(waiting_.begin());
    auto& entry = *first.value();
    entry.place = Place::ready;
    lanes_[entry.lane()].insert(std::move(first));
  }
}

std::optional<sdk::BootTime> Queue::earliest() const {
  if (waiting_.empty()) return std::nullopt;
  return (*waiting_.begin())->due;
}

Entry* Queue::pickFrom(Lane const& lane, std::function<bool(Entry&)> const& accept) const {
  // accept() may park the entry, which takes it out of the lane: step on first.
  int looked = 0;
  for (auto at = lane.begin(); at != lane.end() && looked < entriesLookedAt; ++looked) {
    auto* const entry = *at++;
    auto const last = at == lane.end();
    if (accept(*entry)) return entry;
    if (entry->place == Place::parked) --looked;
    if (last) break;
  }
  return nullptr;
}

Entry* Queue::pickExpress(std::function<bool(LaneKey const&)> const& laneOpen,
                          std::function<bool(Entry&)> const& accept) const {
  Entry* best = nullptr;
  for (auto const& cluster : expressClusters()) {
    if (!laneOpen({.cluster = cluster, .store = {}})) continue;
    auto const lane = express_.find(cluster);
    auto* const head = lane == express_.end() ? nullptr : pickFrom(lane->second, accept);
    if (head != nullptr && (best == nullptr || Urgency{}(head, best))) best = head;
  }
  return best;
}

Entry* Queue::pick(std::function<bool(LaneKey const&)> const& laneOpen,
                   std::function<bool(Entry&)> const& accept) {
  if (auto* const entry = pickExpress(laneOpen, accept)) return entry;
  Entry* best = nullptr;
  for (auto const& key : busyLanes()) {
    if (!laneOpen(key)) continue;
    auto const lane = lanes_.find(key);
    auto* const head = lane == lanes_.end() ? nullptr : pickFrom(lane->second, accept);
    if (head != nullptr && (best == nullptr || Urgency{}(head, best))) best = head;
  }
  return best;
}

void Queue::visit(LaneKey const& lane, std::function<void(Entry const&)> const& visitor) const {
  auto const at = lanes_.find(lane);
  if (at == lanes_.end()) return;
  for (auto const* const entry : at->second) visitor(*entry);
}

std::vector<std::string> Queue::expressClusters() const {
  std::vector<std::string> clusters;
  for (auto const& [cluster, lane] : express_) clusters.push_back(cluster);
  return clusters;
}

std::vector<LaneKey> Queue::busyLanes() const {
  std::vector<LaneKey> keys;
  for (auto const& [key, lane] : lanes_) keys.push_back(key);
  return keys;
}

}  // namespace kms_secretd::schedule

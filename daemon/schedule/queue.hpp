// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "core/due.hpp"
#include "core/seldom.hpp"
#include "schedule/heal_pacing.hpp"

namespace kms_secretd::schedule {

/// Targets of one cluster that start with one store wait in one lane: a lane whose gate is shut
/// is passed over whole, so a dead store costs the others nothing.
struct LaneKey {
  core::SharedText cluster{};
  core::SharedText store{};
  friend auto operator<=>(LaneKey const&, LaneKey const&) = default;
};

/// Where an entry is.
enum class Place {
  resting,    ///< no round planned (polling off, pinned for good)
  waiting,    ///< its time has not come
  ready,      ///< due, in its lane
  express,    ///< due, and all its reads are already answered
  parked,     ///< due, but another round is reading what it needs
  in_flight,  ///< a worker has it
};

/// What is known of a round under way.
struct Running {
  bool changed = false;                          // in the cluster: judged after the round
  bool vanished = false;                         // its definition went
  std::optional<core::DueReason> wantedAfter{};  // another one was asked for
  std::vector<std::string> entered{};            // stores whose gate it holds
  std::vector<core::SourceRef> calls{};          // the reads that it makes itself
};

/// One target in the queue: one small record, no values. Most entries rest most of the time, so
/// what concerns few takes no room in the others.
struct Entry {
  std::shared_ptr<core::TargetDefinition const> definition{};  // shared: rounds outlive a reload
  std::vector<core::SourceRef> reads{};
  core::AppliedRecord record{};
  sdk::BootTime due{};
  core::DueReason reason = core::DueReason::never_seen;
  Place place = Place::resting;
  int failuresInARow = 0;
  core::Seldom<Running> running{};
  core::Seldom<HealPacing> pacing{};
  core::SharedText approved{};  // the held change that may be carried out now

  [[nodiscard]] LaneKey lane() const;
};

/// Keeps entries by time and, once due, by urgency. Holds pointers only; the owner removes an
/// entry before it dies.
class Queue {
 public:
  /// Puts the entry where its `due` says, taking it from where it was.
  void plan(Entry& entry, core::DueReason reason, sdk::BootTime due);
  /// Takes the entry out, to `place` (resting, parked or in_flight).
  void remove(Entry& entry, Place place);
  /// Moves a due entry before all others of its cluster.
  void express(Entry& entry);
  /// Moves every entry whose time has come into its lane.
  void promote(sdk::BootTime now);
  /// The time of the earliest waiting entry.
  [[nodiscard]] std::optional<sdk::BootTime> earliest() const;

  /// Offers entries in order of urgency within each place until `accept` is true; `laneOpen` lets
  /// whole lanes be passed over, those of express() too (no store). Null if none was accepted.
  [[nodiscard]] Entry* pick(std::function<bool(LaneKey const&)> const& laneOpen,
                            std::function<bool(Entry&)> const& accept);
  /// The lanes that hold something.
  [[nodiscard]] std::vector<LaneKey> busyLanes() const;
  /// Hands every entry of a lane to `visitor`, which must not change the queue.
  void visit(LaneKey const& lane, std::function<void(Entry const&)> const& visitor) const;
  /// The clusters of entries that were moved before all others.
  [[nodiscard]] std::vector<std::string> expressClusters() const;

 private:
  struct Urgency {
    bool operator()(Entry const* a, Entry const* b) const noexcept;
  };
  struct Earlier {
    bool operator()(Entry const* a, Entry const* b) const noexcept;
  };
  using Lane = std::set<Entry*, Urgency>;
  template <class Key>
  static void takeOut(std::map<Key, Lane>& lanes, Key const& key, Entry& entry);
  [[nodiscard]] Entry* pickExpress(std::function<bool(LaneKey const&)> const& laneOpen,
                                   std::function<bool(Entry&)> const& accept) const;
  [[nodiscard]] Entry* pickFrom(Lane const& lane, std::function<bool(Entry&)> const& accept) const;

  std::set<Entry*, Earlier> waiting_;
  std::map<LaneKey, Lane> lanes_;
  std::map<std::string, Lane> express_;  // by cluster: a dead one must not stand before others
};

}  // namespace kms_secretd::schedule

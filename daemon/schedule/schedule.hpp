// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "core/config.hpp"
#include "core/due.hpp"
#include "core/outcome.hpp"
#include "schedule/gate.hpp"
#include "schedule/hot_reads.hpp"
#include "schedule/queue.hpp"

namespace kms_secretd::schedule {

/// What its cluster held of a target when the daemon started.
struct StartState {
  bool exists = false;
  bool definitionEqual = false;  ///< its definition annotation equals ours
};

/// A configuration to take over.
struct LoadInput {
  core::Config const& config;
  std::map<std::string, std::uint32_t> maxParallel{};  ///< by store: the plugin's declaration
  std::map<core::TargetId, StartState> seen{};         ///< from the start's metadata list
};

/// A row of the status.
struct StoreState {
  std::string name{};
  bool breakerOpen = false;
  bool stopped = false;
  double rate = 0;
  sdk::Milliseconds waited{0};  ///< between due and begun, of all rounds that asked it
};

/// The same of a cluster.
struct ClusterState {
  std::string name{};
  bool breakerOpen = false;
  bool stopped = false;
  bool held = false;  ///< no round begins: this daemon does not lead there
};

/// What is due and has not been handed out; what is held does not count.
struct Backlog {
  std::size_t due = 0;
  sdk::Milliseconds lag{0};  ///< how long the oldest of it has been due
};

/// How much is remembered; none of it may grow with time.
struct Footprint {
  std::size_t targets = 0;
  std::size_t reads = 0;     ///< distinct reads that targets need
  std::size_t hotReads = 0;  ///< under way or just answered
  std::size_t gates = 0;     ///< of stores and clusters
  friend bool operator==(Footprint const&, Footprint const&) = default;
};

/// Decides when each target has its round (rules 4 and 5). Pure: time is passed in, nothing waits.
/// Not thread-safe: the main loop owns it.
class Schedule {
 public:
  /// Takes over a configuration: new and changed targets become due, vanished ones go, all others
  /// keep their place.
  void load(LoadInput const& input, sdk::BootTime now);
  /// Up to `most` rounds to start now, most urgent first.
  [[nodiscard]] std::vector<core::Due> take(std::size_t most, sdk::BootTime now);
  /// The round under way of the target has read all its values: the stores are free for others,
  /// whatever the cluster does. Before its finish().
  void fetched(core::TargetId const& target, sdk::BootTime now);
  /// A round ended. True if the target must be judged again: it changed in the cluster meanwhile,
  /// or it was written and others may hold keys in it that shall not stay.
  bool finish(core::Outcome const& outcome, sdk::BootTime now);
  /// The target no longer is as we left it; heals are paced (rules 3). Unknown ids are ignored.
  void drifted(core::TargetId const& target, sdk::BootTime now);
  /// Somebody asked for a round now. False if there is no such target.
  bool force(core::TargetId const& target, sdk::BootTime now);
  /// Somebody approved the change of that name: a round now may carry it out. Holds until the next
  /// good round. False if there is no such target.
  bool approve(core::TargetId const& target, std::string const& change, sdk::BootTime now);
  /// Calls to a store that no round made: they count against its rate. Unknown stores are ignored.
  void spent(std::string const& store, std::uint32_t calls, sdk::BootTime now);
  /// The credentials of a store changed: a stop of it ends.
  void credentialsChanged(std::string const& store, sdk::BootTime now);
  /// The login to a cluster changed: a stop of it ends.
  void loginChanged(std::string const& cluster, sdk::BootTime now);
  /// While a cluster is held none of its rounds begins; those under way go on.
  void hold(std::string const& cluster, bool held);
  /// Forgets what is known of the cluster's targets, so that load() starts them as after a restart.
  /// None of its rounds may be under way.
  void restart(std::string const& cluster);
  /// When take() may next have something; nothing if only the end of a round can change that.
  [[nodiscard]] std::optional<sdk::BootTime> nextWake(sdk::BootTime now);

  /// A known target with all that is remembered of it, or null. Valid until the next call that may
  /// change the schedule.
  [[nodiscard]] Entry const* find(core::TargetId const& id) const;
  /// What is remembered of a known target, or null.
  [[nodiscard]] core::AppliedRecord const* record(core::TargetId const& id) const;
  /// When the target's next round is planned; nothing if none is or it is unknown.
  [[nodiscard]] std::optional<sdk::BootTime> dueAt(core::TargetId const& id) const;
  /// True if heals of the target keep being undone.
  [[nodiscard]] bool contested(core::TargetId const& id, sdk::BootTime now) const;
  /// True if the target's cluster is held, or it or a store is held back (breaker or stop).
  [[nodiscard]] bool heldBack(core::TargetId const& id, sdk::BootTime now) const;
  [[nodiscard]] std::vector<StoreState> stores(sdk::BootTime now) const;
  [[nodiscard]] std::vector<ClusterState> clusters(sdk::BootTime now) const;
  [[nodiscard]] std::size_t inFlight() const noexcept { return inFlight_; }
  /// Rounds of one cluster under way.
  [[nodiscard]] std::size_t inFlight(std::string const& cluster) const;
  /// True while a worker has the target's round.
  [[nodiscard]] bool underWay(core::TargetId const& id) const;
  [[nodiscard]] Backlog backlog(sdk::BootTime now) const;
  [[nodiscard]] std::size_t targets() const noexcept { return entries_.size(); }
  [[nodiscard]] Footprint footprint() const noexcept;

 private:
  void loadGates(LoadInput const& input, sdk::BootTime now);
  void loadTarget(std::shared_ptr<core::TargetDefinition const> const& definition,
                  StartState const* seen, sdk::BootTime now);
  void dropVanished(core::Config const& config);
  void dropUnusedGates(core::Config const& config);
  void forgetReads(Entry& entry);
  [[nodiscard]] Entry* choose(sdk::BootTime now);
  [[nodiscard]] bool admits(Entry const& entry, sdk::BootTime now);
  /// When every gate that the entry needs may be open; nothing if one waits for a round to end.
  [[nodiscard]] std::optional<sdk::BootTime> opensAt(Entry const& entry, sdk::BootTime now);
  [[nodiscard]] core::Due handOut(Entry& entry, sdk::BootTime now);
  void leaveGates(Entry& entry, core::Outcome const& outcome, sdk::BootTime now);
  void settleReads(Entry const& entry, std::size_t answered, sdk::BootTime now);
  void planNext(Entry& entry, core::Outcome const& outcome, sdk::BootTime now);
  void afterSuccess(Entry& entry, core::Outcome const& outcome, sdk::BootTime now);
  void afterFailure(Entry& entry, core::Outcome const& outcome, sdk::BootTime now);
  void retryFailed(std::function<bool(Entry const&)> const& concerned, sdk::BootTime now);
  [[nodiscard]] bool clusterOpen(std::string const& cluster, sdk::BootTime now);
  [[nodiscard]] std::optional<sdk::BootTime> clusterOpensAt(std::string const& cluster,
                                                            sdk::BootTime now);
  [[nodiscard]] std::optional<sdk::BootTime> laneOpensAt(LaneKey const& lane, sdk::BootTime now);
  [[nodiscard]] Gate& clusterGate(std::string const& cluster);

  std::map<core::TargetId, Entry> entries_;
  std::map<std::string, Gate> storeGates_;
  std::map<std::string, Gate> clusterGates_;
  std::set<std::string> held_;                              // clusters
  std::map<core::SourceRef, std::vector<Entry*>> readers_;  // who needs a read; sorted
  Queue queue_;
  HotReads hot_;
  bool polling_ = true;
  std::size_t inFlight_ = 0;
};

}  // namespace kms_secretd::schedule

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include <kms-secretd/clock.hpp>

#include "app/cluster_news.hpp"
#include "app/config_watch.hpp"
#include "app/control_plane.hpp"
#include "app/credential_watch.hpp"
#include "app/dirty_targets.hpp"
#include "app/engine_answers.hpp"
#include "app/outdated_credentials.hpp"
#include "app/plan_maker.hpp"
#include "app/progress_watch.hpp"
#include "app/reigns.hpp"
#include "app/worker_pool.hpp"
#include "app/world.hpp"
#include "platform/sd_notify.hpp"
#include "platform/signals.hpp"
#include "platform/stop.hpp"
#include "report/reporter.hpp"
#include "schedule/schedule.hpp"

namespace kms_secretd::app {

/// What the engine stands on; all of it outlives the engine.
struct Surroundings {
  sdk::Clock const& clock;
  report::Reporter& reporter;
  platform::StopSignal& stop;
  platform::ServiceManager& service;
  ControlPlane& control;
  std::string configFile{};  ///< whose changes are looked for, where the configuration wants that
  PlanMaker::Build rehearsal{};  ///< builds the worlds in which plans are made
};

/// The main loop: hands out rounds, takes outcomes, listens to signals. Main thread; the rounds run
/// on the pool.
class Engine {
 public:
  /// Builds the new world for a reload; null if it was refused (and said so).
  using Reload = std::function<std::shared_ptr<World>(World const& inForce)>;

  Engine(Surroundings surroundings, std::shared_ptr<World> world);
  ~Engine();
  Engine(Engine const&) = delete;
  Engine& operator=(Engine const&) = delete;

  /// Runs until SIGTERM or SIGINT; SIGHUP reloads. Returns after at most 5 seconds. False if a
  /// round could not be ended in that time.
  bool run(platform::SignalDescriptor& signals, Reload const& reload);
  /// One round for every target. True if every Secret is in sync.
  bool runOnce(platform::SignalDescriptor& signals);
  /// How many Secrets are defined.
  [[nodiscard]] std::size_t targets() const noexcept { return schedule_.targets(); }

 private:
  void watchAndLoad(sdk::Milliseconds patience, World* before);
  void followLeadership();
  [[nodiscard]] bool followLeadership(ClusterLink& link);
  [[nodiscard]] bool leadsEverywhere() const;
  void load();
  void announce() const;
  void judgeListed();
  void sayWatches();
  void saySweeps();
  void sayLogins();
  void sayNotices();
  void sayManners();
  void sayCredentials();
  void dispatch();
  void collect();
  void judgeDirty();
  void judge(core::TargetId const& target);
  void judgeListed(ClusterLink& link);
  void finished(core::Outcome outcome);
  void sayStores();
  void sayStatus();
  void waitForWork(int signalFd);
  void sayAlive();
  void openControl();
  void serveControl();
  void followPlan();
  void handleSignals(platform::SignalDescriptor& signals, Reload const& reload);
  void reloadNow(Reload const& reload);
  void watchConfig();
  void reloadIfChanged(Reload const& reload);
  void giveUpOnHeldBack();
  bool stopRounds();
  [[nodiscard]] int pollTimeout();

  Surroundings around_;
  std::shared_ptr<World> world_;  // shared with the rounds under way
  schedule::Schedule schedule_;
  DirtyTargets dirty_;
  DirtyTargets fetched_;  // whose rounds have read all their values
  WorkerPool pool_;
  Reigns reigns_{};
  std::set<std::string> unjudged_;  // clusters whose first lists are still to be judged
  sdk::BootTime nextWatchLook_{};
  OutdatedCredentials outdated_ = OutdatedCredentials::ofThisUnit();
  CredentialWatch credentials_;
  std::optional<ConfigWatch> configWatch_{};
  sdk::BootTime nextLoginLook_{};
  ClusterNews news_;
  std::set<core::TargetId> unvisited_;  // --once: those without an outcome yet
  std::set<core::TargetId> secondTry_;  // --once: those that met a change and go again
  std::set<std::string> silentStores_;
  std::string saidStatus_;
  ProgressWatch progress_{};
  bool saidStuck_ = false;
  PlanMaker plans_;
  EngineAnswers answers_;
};

}  // namespace kms_secretd::app

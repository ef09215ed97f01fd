// SPDX-License-Identifier: Apache-2.0
#include "app/engine.hpp"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <system_error>
#include <utility>
#include <vector>

#include "cycle/round.hpp"
#include "platform/startup_code.hpp"
#include "schedule/demand.hpp"

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;

// A stop takes at most 5 seconds, whatever hangs; some of it belongs to main's clean-up.
constexpr sdk::Milliseconds longestStop = 4500ms;
// Some of it is for giving the Lease up, so that another daemon need not wait.
constexpr sdk::Milliseconds releasePatience = 1500ms;
constexpr sdk::Milliseconds longestSleep = 10s;
// How long the watch's first lists are waited for: what they tell makes a restart quiet.
constexpr sdk::Milliseconds startPatience = 3s;
constexpr sdk::Milliseconds reloadPatience = 1s;

bool endsTheProcess(int signal) { return signal == SIGTERM || signal == SIGINT; }

// Null where a reload took the target's cluster away while its round was under way.
ClusterLink* linkOf(World const& world, core::TargetId const& target) {
  auto const link = world.links().find(target.cluster);
  return link == world.links().end() ? nullptr : link->second.get();
}

// Null also where the cluster is not watched.
ClusterWatch* watchOf(World const& world, core::TargetId const& target) {
  auto* const link = linkOf(world, target);
  return link == nullptr ? nullptr : link->watch();
}

}  // namespace

Engine::Engine(Surroundings surroundings, std::shared_ptr<World> world)
    : around_(std::move(surroundings)),
      world_(std::move(world)),
      pool_(world_->config().workers),
      news_(around_.reporter),
      plans_(around_.clock, around_.rehearsal),
      answers_({.clock = around_.clock,
                .reporter = around_.reporter,
                .schedule = schedule_,
                .world = world_,
                .plans = plans_}) {}

// The watches' threads tell dirty_, which goes before the world does.
Engine::~Engine() {
  around_.stop.request();
  plans_.thread().end();
  reigns_.endAll();
  world_->stopWatching();
}

void Engine::announce() const {
  auto const& config = world_->config();
  for (auto const& warning : config.warnings) {
    around_.reporter.event(report::EventId::configuration_warning, warning);
  }
  for (auto const& demand : schedule::demandOf(config)) {
    if (demand.tooHigh()) around_.reporter.event(report::EventId::demand_high, demand.sentence());
  }
}

void Engine::load() {
  auto const& config = world_->config();
  std::vector<core::TargetId> targets;
  targets.reserve(config.targets.size());
  for (auto const& definition : config.targets) targets.push_back(definition->id);
  around_.reporter.status().keepOnly(targets);
  schedule_.load({.config = config, .maxParallel = world_->maxParallel(), .seen = world_->seen()},
                 around_.clock.boot());
}

void Engine::watchAndLoad(sdk::Milliseconds patience, World* before) {
  // The lists take their time; who leads is found out meanwhile.
  world_->startLeading(before);
  world_->startWatching(dirty_, around_.clock.boot() + patience, around_.stop);
  world_->startRenewing();
  world_->startTelling();
  unjudged_.clear();
  for (auto const& [name, link] : world_->links()) {
    if (link->watch() != nullptr) unjudged_.insert(name);
  }
  load();
  world_->startSweeping(dirty_, before);
}

bool Engine::run(platform::SignalDescriptor& signals, Reload const& reload) {
  announce();
  watchAndLoad(startPatience, nullptr);
  openControl();
  watchConfig();
  followLeadership();
  platform::releaseStartupCode();
  around_.service.ready(around_.reporter.status().summary(schedule_.targets()));
  around_.reporter.event(report::EventId::ready,
                         std::to_string(schedule_.targets()) + " secrets to keep in sync");
  while (!around_.stop.requested()) {
    dispatch();
    waitForWork(signals.fd());
    handleSignals(signals, reload);
    reloadIfChanged(reload);
    collect();
    serveControl();
    followPlan();
    followLeadership();
    judgeListed();
    judgeDirty();
    sayWatches();
    saySweeps();
    sayLogins();
    sayStatus();
  }
  return stopRounds();
}

bool Engine::runOnce(platform::SignalDescriptor& signals) {
  announce();
  load();
  world_->startLeading(nullptr);
  world_->startTelling();
  // A daemon that died holds the Lease for its duration; one that lives holds it longer.
  auto const patience =
      around_.clock.boot() + world_->config().highAvailability.leaseDuration * 4 / 3;
  for (auto const& definition : world_->config().targets) unvisited_.insert(definition->id);
  while (!unvisited_.empty() && !around_.stop.requested()) {
    followLeadership();
    dispatch();
    auto const waits = !leadsEverywhere() && around_.clock.boot() < patience;
    if (schedule_.inFlight() == 0 && !waits) giveUpOnHeldBack();
    if (unvisited_.empty()) break;
    waitForWork(signals.fd());
    handleSignals(signals, {});
    collect();
  }
  world_->finishTelling();
  sayManners();
  auto const ended = stopRounds();
  return ended && around_.reporter.status().inSync() == schedule_.targets();
}

void Engine::dispatch() {
  for (auto const& [name, link] : world_->links()) {
    schedule_.hold(name, !reigns_.lasts(name) || !link->mayWork());
  }
  auto const now = around_.clock.boot();
  for (auto& due : schedule_.take(pool_.idle(), now)) {
    auto const target = due.definition->id;
    progress_.handedOut(target, now + longestRound(world_->config(), *due.definition));
    pool_.submit([world = world_, due = std::move(due), &fetched = fetched_,
                  reign = reigns_.cancellation(target.cluster)] {
      auto const& id = due.definition->id;
      return cycle::runRound(due, world->stages(id.cluster), reign.get(), [&] { fetched.add(id); });
    });
  }
}

void Engine::followLeadership() {
  bool begun = false;
  for (auto const& [name, link] : world_->links()) {
    news_.sayLeadership(*link);
    begun = followLeadership(*link) || begun;
  }
  if (begun) load();
}

// A new leader knows nothing of what others wrote meanwhile: it starts as after a restart, which
// the watch makes a quiet one. At the stop, which ends all reigns, none begins. True if one began.
bool Engine::followLeadership(ClusterLink& link) {
  auto const leads = link.mayWork() && !around_.stop.requested();
  if (leads == reigns_.lasts(link.name())) return false;
  if (!leads) {
    reigns_.end(link.name());
    return false;
  }
  // What the last reign began must end first: its outcomes belong to its schedule.
  if (schedule_.inFlight(link.name()) > 0) return false;
  reigns_.begin(link.name());
  schedule_.restart(link.name());
  return true;
}

bool Engine::leadsEverywhere() const {
  return std::ranges::all_of(world_->links(),
                             [](auto const& each) { return each.second->mayWork(); });
}

void Engine::collect() {
  // In this order: what a round has read is heard of before its end is.
  auto outcomes = pool_.takeOutcomes();
  for (auto const& target : fetched_.take()) schedule_.fetched(target, around_.clock.boot());
  for (auto& outcome : outcomes) finished(std::move(outcome));
  world_->purge();
  sayStores();
  news_.saySilent(schedule_.clusters(around_.clock.boot()));
  sayNotices();
  sayManners();
  around_.reporter.look();
}

void Engine::finished(core::Outcome outcome) {
  progress_.ended(outcome.target);
  auto const again = schedule_.finish(outcome, around_.clock.boot());
  outcome.contested = schedule_.contested(outcome.target, around_.clock.boot());
  auto const* const before = around_.reporter.status().find(outcome.target);
  if (auto* const link = linkOf(*world_, outcome.target)) {
    link->tell(outcome, before != nullptr && !before->inSync());
  }
  around_.reporter.outcome(outcome);
  if (again) dirty_.add(outcome.target);
  if (auto* const watch = watchOf(*world_, outcome.target); watch && outcome.kubeFailure) {
    watch->mistaken(outcome.target);
  }
  // A target that was changed under our hands deserves its second look even with --once.
  auto const changed =
      outcome.kubeFailure && outcome.kubeFailure->kind == core::KubeFailureKind::changed;
  if (changed && secondTry_.insert(outcome.target).second) return;
  unvisited_.erase(outcome.target);
}

void Engine::judgeListed() {
  for (auto const& name : std::set(unjudged_)) judgeListed(world_->link(name));
}

// What changed between two watches is told by no event: once all is listed, all is judged.
void Engine::judgeListed(ClusterLink& link) {
  if (!link.watch()->listed()) return;
  unjudged_.erase(link.name());
  for (auto const& definition : link.share().targets) dirty_.add(definition->id);
}

void Engine::judgeDirty() {
  for (auto const& target : dirty_.take()) judge(target);
}

void Engine::judge(core::TargetId const& target) {
  auto* const watch = watchOf(*world_, target);
  auto const* const known = schedule_.find(target);
  if (watch == nullptr || known == nullptr) return;
  if (watch->drifted(*known->definition, known->record)) {
    schedule_.drifted(target, around_.clock.boot());
  }
}

void Engine::giveUpOnHeldBack() {
  auto const now = around_.clock.boot();
  std::erase_if(unvisited_,
                [&](core::TargetId const& target) { return schedule_.heldBack(target, now); });
}

int Engine::pollTimeout() {
  auto const now = around_.clock.boot();
  auto wake = now + longestSleep;
  if (nextLoginLook_ > now) wake = std::min(wake, nextLoginLook_);
  if (reigns_.any() && pool_.idle() > 0) {
    if (auto const next = schedule_.nextWake(now)) wake = std::min(wake, *next);
  }
  if (configWatch_) wake = std::min(wake, configWatch_->nextLook().value_or(wake));
  if (auto const purge = world_->nextPurge()) wake = std::min(wake, *purge);
  if (auto const every = around_.service.watchdogInterval(); every.count() > 0) {
    wake = std::min(wake, now + every / 2);
  }
  return static_cast<int>(std::max<std::int64_t>(0, (wake - now).count()));
}

void Engine::waitForWork(int signalFd) {
  std::vector<pollfd> descriptors;
  auto const listenTo = [&](int fd) {
    descriptors.push_back({.fd = fd, .events = POLLIN, .revents = 0});
  };
  listenTo(signalFd);
  listenTo(pool_.wakeFd());
  listenTo(fetched_.wakeFd());
  listenTo(dirty_.wakeFd());
  listenTo(around_.control.wakeFd());
  listenTo(plans_.thread().wakeFd());
  if (configWatch_) listenTo(configWatch_->fd());
  for (auto const& [name, link] : world_->links()) {
    if (link->leadership() != nullptr) listenTo(link->leadership()->wakeFd());
  }
  ::poll(descriptors.data(), descriptors.size(), pollTimeout());
  sayAlive();
}

// systemd's watchdog restarts a daemon whose rounds hang, not only one whose main loop does.
void Engine::sayAlive() {
  auto const now = around_.clock.boot();
  auto const wake = schedule_.nextWake(now);
  progress_.turned(reigns_.any() && schedule_.inFlight() == 0 && wake && *wake <= now, now);
  auto const trouble = progress_.trouble(now);
  if (!trouble) around_.service.keepAlive();
  if (trouble && !saidStuck_) around_.reporter.event(report::EventId::round_stuck, *trouble);
  saidStuck_ = trouble.has_value();
}

void Engine::openControl() {
  auto const problem = around_.control.open(world_->config());
  if (!problem) return;
  around_.reporter.event(report::EventId::control_unavailable,
                         "nobody can ask the daemon how it is, its work goes on: " + *problem);
}

void Engine::serveControl() {
  answers_.mood({.loaded = !around_.stop.requested(),
                 .trouble = progress_.trouble(around_.clock.boot()).value_or(""),
                 .idleWorkers = pool_.idle()});
  around_.control.serve(answers_);
}

// What a plan reads is taken from what the rounds may read, so that a store sees no more than it
// allows.
void Engine::followPlan() {
  for (auto const& [store, calls] : plans_.thread().collect()) {
    schedule_.spent(store, calls, around_.clock.boot());
  }
}

void Engine::handleSignals(platform::SignalDescriptor& signals, Reload const& reload) {
  while (auto const signal = signals.take()) {
    if (endsTheProcess(*signal)) {
      around_.stop.request();
      reigns_.endAll();
    }
    if (*signal == SIGHUP && reload) reloadNow(reload);
  }
}

void Engine::reloadNow(Reload const& reload) {
  around_.service.reloading();
  if (auto world = reload(*world_)) {
    world_->stopWatching();
    auto const before = std::exchange(world_, std::move(world));
    world_->takeOver();
    reigns_.keepOnly(world_->links());
    announce();
    watchAndLoad(reloadPatience, before.get());
    openControl();
    watchConfig();
    around_.reporter.event(
        report::EventId::reloaded,
        "the new configuration is in force: " + std::to_string(schedule_.targets()) + " secrets");
  }
  around_.service.ready(around_.reporter.status().summary(schedule_.targets()));
  saidStatus_.clear();  // which has more to tell than that
}

void Engine::watchConfig() {
  if (!world_->config().reloadOnChange) return configWatch_.reset();
  if (configWatch_) return;
  try {
    configWatch_.emplace(around_.configFile);
  } catch (std::system_error const& error) {
    around_.reporter.event(report::EventId::configuration_warning,
                           std::string("changes of the configuration are not seen: ") +
                               error.what() + "; raise fs.inotify.max_user_instances, or reload");
  }
}

void Engine::reloadIfChanged(Reload const& reload) {
  if (configWatch_ && configWatch_->due(around_.clock.boot())) reloadNow(reload);
}

bool Engine::stopRounds() {
  around_.service.stopping();
  auto const latest = around_.clock.boot() + longestStop;
  around_.stop.request();
  around_.control.close();
  plans_.thread().end();
  reigns_.endAll();
  world_->stopWatching();
  auto const leases = world_->config().highAvailability.leader;
  auto const ended = pool_.drain(leases ? longestStop - releasePatience : longestStop);
  // A round that hangs may still write: then the Leases must run out by themselves.
  if (ended) world_->releaseLeases(std::min(latest, around_.clock.boot() + releasePatience));
  for (auto const& outcome : pool_.takeOutcomes()) around_.reporter.outcome(outcome);
  around_.reporter.lastLook();
  auto const left = std::max(sdk::Milliseconds(0), latest - around_.clock.boot());
  return plans_.thread().drain(left) && ended;
}

}  // namespace kms_secretd::app

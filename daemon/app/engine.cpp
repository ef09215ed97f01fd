// SPDX-License-Identifier: Apache-2.0
#include "app/engine.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include "cycle/round.hpp"
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
constexpr sdk::Milliseconds watchLookInterval = 1s;
constexpr sdk::Milliseconds loginLookInterval = 5s;

bool endsTheProcess(int signal) { return signal == SIGTERM || signal == SIGINT; }

}  // namespace

Engine::Engine(Surroundings surroundings, std::shared_ptr<World> world)
    : around_(surroundings),
      world_(std::move(world)),
      pool_(world_->config().workers),
      answers_({.clock = around_.clock,
                .reporter = around_.reporter,
                .schedule = schedule_,
                .world = world_}) {}

// The watch's threads tell dirty_, which goes before the world does.
Engine::~Engine() {
  around_.stop.request();
  reign_->request();
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
  for (auto const& definition : config.targets) targets.push_back(definition->id);
  around_.reporter.status().keepOnly(targets);
  schedule_.load({.config = config, .maxParallel = world_->maxParallel(), .seen = world_->seen()},
                 around_.clock.boot());
}

void Engine::watchAndLoad(sdk::Milliseconds patience, World* before) {
  loginGeneration_ = world_->kube().connection()->generation();
  // The lists take their time; who leads is found out meanwhile.
  world_->startLeading(before);
  world_->startWatching(dirty_, around_.clock.boot() + patience, around_.stop);
  world_->startRenewing();
  listsJudged_ = world_->watch() == nullptr;
  load();
  world_->startSweeping(dirty_, before);
}

bool Engine::run(platform::SignalDescriptor& signals, Reload const& reload) {
  announce();
  watchAndLoad(startPatience, nullptr);
  openControl();
  followLeadership();
  around_.service.ready(around_.reporter.status().summary(schedule_.targets()));
  around_.reporter.event(report::EventId::ready,
                         std::to_string(schedule_.targets()) + " secrets to keep in sync");
  while (!around_.stop.requested()) {
    dispatch();
    waitForWork(signals.fd());
    handleSignals(signals, reload);
    collect();
    serveControl();
    followLeadership();
    judgeListed();
    judgeDirty();
    sayWatches();
    saySweep();
    sayLogin();
    sayStatus();
  }
  return stopRounds();
}

bool Engine::runOnce(platform::SignalDescriptor& signals) {
  announce();
  load();
  if (!leadOnce(signals)) return false;
  for (auto const& definition : world_->config().targets) unvisited_.insert(definition->id);
  while (!unvisited_.empty() && !around_.stop.requested()) {
    dispatch();
    if (schedule_.inFlight() == 0) giveUpOnHeldBack();
    if (unvisited_.empty()) break;
    waitForWork(signals.fd());
    handleSignals(signals, {});
    collect();
  }
  auto const ended = stopRounds();
  return ended && around_.reporter.status().inSync() == schedule_.targets();
}

void Engine::dispatch() {
  if (!leading_ || !world_->mayWork()) return;
  auto const now = around_.clock.boot();
  for (auto& due : schedule_.take(pool_.idle(), now)) {
    progress_.handedOut(due.definition->id, now + longestRound(world_->config(), *due.definition));
    pool_.submit([world = world_, due = std::move(due), reign = reign_] {
      return cycle::runRound(due, world->stages(), reign.get());
    });
  }
}

// A new leader knows nothing of what others wrote meanwhile: it starts as after a restart, which
// the watch makes a quiet one.
void Engine::followLeadership() {
  sayLeadership();
  auto const leads = world_->mayWork();
  if (leads == leading_) return;
  if (!leads) {
    leading_ = false;
    reign_->request();
    return;
  }
  // What the last reign began must end first: its outcomes belong to its schedule.
  if (schedule_.inFlight() > 0) return;
  leading_ = true;
  reign_ = std::make_shared<platform::EventCancellation>();
  schedule_ = schedule::Schedule();
  load();
}

void Engine::sayLeadership() {
  auto* const leadership = world_->leadership();
  if (leadership == nullptr) return;
  leadership->clearWake();
  for (auto& news : leadership->takeNews()) around_.reporter.event(news.id, std::move(news.text));
}

bool Engine::leadOnce(platform::SignalDescriptor& signals) {
  world_->startLeading(nullptr);
  followLeadership();
  // A daemon that died holds the Lease for its duration; one that lives holds it longer.
  auto const patience =
      around_.clock.boot() + world_->config().highAvailability.leaseDuration * 4 / 3;
  while (!leading_ && !around_.stop.requested() && around_.clock.boot() < patience) {
    waitForWork(signals.fd());
    handleSignals(signals, {});
    followLeadership();
  }
  if (!leading_) static_cast<void>(stopRounds());
  return leading_;
}

void Engine::collect() {
  for (auto const& outcome : pool_.takeOutcomes()) finished(outcome);
  world_->purge();
  sayStores();
  sayNotices();
}

void Engine::finished(core::Outcome outcome) {
  progress_.ended(outcome.target);
  auto const again = schedule_.finish(outcome, around_.clock.boot());
  outcome.contested = schedule_.contested(outcome.target, around_.clock.boot());
  around_.reporter.outcome(outcome);
  if (again) dirty_.add(outcome.target);
  if (outcome.kubeFailure && world_->watch() != nullptr) world_->watch()->mistaken(outcome.target);
  // A target that was changed under our hands deserves its second look even with --once.
  auto const changed =
      outcome.kubeFailure && outcome.kubeFailure->kind == core::KubeFailureKind::changed;
  if (changed && secondTry_.insert(outcome.target).second) return;
  unvisited_.erase(outcome.target);
}

// What changed between two watches is told by no event: once all is listed, all is judged.
void Engine::judgeListed() {
  if (listsJudged_ || !world_->watch()->listed()) return;
  listsJudged_ = true;
  for (auto const& definition : world_->config().targets) dirty_.add(definition->id);
}

void Engine::judgeDirty() {
  auto* const watch = world_->watch();
  for (auto const& target : dirty_.take()) {
    if (watch == nullptr) continue;
    auto const* definition = schedule_.definition(target);
    auto const* record = schedule_.record(target);
    if (definition == nullptr || record == nullptr) continue;
    if (watch->drifted(*definition, *record)) schedule_.drifted(target, around_.clock.boot());
  }
}

void Engine::giveUpOnHeldBack() {
  auto const now = around_.clock.boot();
  std::erase_if(unvisited_,
                [&](core::TargetId const& target) { return schedule_.heldBack(target, now); });
}

void Engine::sayStores() {
  for (auto const& store : schedule_.stores(around_.clock.boot())) {
    auto const wasSilent = silentStores_.contains(store.name);
    if (store.breakerOpen == wasSilent) continue;
    std::vector<report::LogField> fields{{"KMS_SECRETD_STORE", store.name}};
    if (store.breakerOpen) {
      silentStores_.insert(store.name);
      around_.reporter.event(report::EventId::store_silent,
                             "store " + store.name +
                                 " does not answer; its Secrets keep their last good values and "
                                 "it is probed every 5 to 60 s: check network, proxy and endpoint",
                             std::move(fields));
    } else {
      silentStores_.erase(store.name);
      around_.reporter.event(report::EventId::store_back, "store " + store.name + " answers again",
                             std::move(fields));
    }
  }
}

void Engine::sayNotices() {
  for (auto const& notice : world_->takeNotices()) {
    around_.reporter.event(report::EventId::store_notice,
                           "store " + notice.store + ": " + notice.text,
                           {{"KMS_SECRETD_STORE", notice.store}});
  }
}

void Engine::sayWatches() {
  auto const now = around_.clock.boot();
  if (world_->watch() == nullptr || now < nextWatchLook_) return;
  nextWatchLook_ = now + watchLookInterval;
  auto const problems = world_->watch()->problems();
  for (auto const& [name, why] : problems) {
    if (!deafNamespaces_.insert(name).second) continue;
    std::string text = "the Secrets of namespace " + name;
    text += " are not watched, so a change made there is seen only at a Secret's next round: ";
    text += why;
    around_.reporter.event(report::EventId::watch_broken, std::move(text),
                           {{"KMS_SECRETD_NAMESPACE", name}});
  }
  for (auto const& name : std::set(deafNamespaces_)) {
    if (problems.contains(name)) continue;
    deafNamespaces_.erase(name);
    around_.reporter.event(report::EventId::watch_back,
                           "the Secrets of namespace " + name + " are watched again",
                           {{"KMS_SECRETD_NAMESPACE", name}});
  }
}

void Engine::saySweep() {
  for (auto& news : world_->sweep()->takeNews()) {
    around_.reporter.event(news.event, std::move(news.message), std::move(news.fields));
  }
}

void Engine::sayLogin() {
  auto const now = around_.clock.boot();
  if (now < nextLoginLook_) return;
  nextLoginLook_ = now + loginLookInterval;
  auto const generation = world_->kube().connection()->generation();
  if (std::exchange(loginGeneration_, generation) != generation) {
    schedule_.loginChanged(world_->config().cluster.name, now);
  }
  for (auto& news : login_.look(*world_->kube().connection(), around_.clock.wall())) {
    around_.reporter.event(news.id, std::move(news.text));
  }
  for (auto& news : world_->renewalNews()) around_.reporter.event(news.id, std::move(news.text));
  sayCredentials();
  if (auto outdated = outdated_.look()) {
    around_.reporter.event(report::EventId::credential_outdated, std::move(*outdated));
  }
}

void Engine::sayCredentials() {
  for (auto& news : credentials_.look(world_->credentialEnds(), around_.clock.wall())) {
    around_.reporter.event(report::EventId::store_credential_expiring, std::move(news.text),
                           {{"KMS_SECRETD_STORE", news.store}});
  }
}

void Engine::sayStatus() {
  auto status = around_.reporter.status().summary(schedule_.targets()) + outdated_.status();
  if (auto* const sweep = world_->sweep()) status += sweep->sentence();
  if (auto* const leadership = world_->leadership())
    status = leadership->sentence() + "; " + status;
  if (status == saidStatus_) return;
  around_.service.status(status);
  saidStatus_ = std::move(status);
}

int Engine::pollTimeout() {
  auto const now = around_.clock.boot();
  auto wake = now + longestSleep;
  if (leading_ && pool_.idle() > 0) {
    if (auto const next = schedule_.nextWake(now)) wake = std::min(wake, *next);
  }
  if (auto const purge = world_->nextPurge()) wake = std::min(wake, *purge);
  if (auto const every = around_.service.watchdogInterval(); every.count() > 0) {
    wake = std::min(wake, now + every / 2);
  }
  return static_cast<int>(std::max<std::int64_t>(0, (wake - now).count()));
}

void Engine::waitForWork(int signalFd) {
  auto* const leadership = world_->leadership();
  std::array descriptors{
      pollfd{.fd = signalFd, .events = POLLIN, .revents = 0},
      pollfd{.fd = pool_.wakeFd(), .events = POLLIN, .revents = 0},
      pollfd{.fd = dirty_.wakeFd(), .events = POLLIN, .revents = 0},
      pollfd{.fd = around_.control.wakeFd(), .events = POLLIN, .revents = 0},
      pollfd{
          .fd = leadership == nullptr ? -1 : leadership->wakeFd(), .events = POLLIN, .revents = 0}};
  ::poll(descriptors.data(), descriptors.size(), pollTimeout());
  sayAlive();
}

// systemd's watchdog restarts a daemon whose rounds hang, not only one whose main loop does.
void Engine::sayAlive() {
  auto const now = around_.clock.boot();
  auto const wake = schedule_.nextWake(now);
  progress_.turned(leading_ && schedule_.inFlight() == 0 && wake && *wake <= now, now);
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

void Engine::handleSignals(platform::SignalDescriptor& signals, Reload const& reload) {
  while (auto const signal = signals.take()) {
    if (endsTheProcess(*signal)) {
      around_.stop.request();
      reign_->request();
    }
    if (*signal == SIGHUP && reload) reloadNow(reload);
  }
}

void Engine::reloadNow(Reload const& reload) {
  around_.service.reloading();
  if (auto world = reload()) {
    world_->stopWatching();
    auto const before = std::exchange(world_, std::move(world));
    announce();
    watchAndLoad(reloadPatience, before.get());
    openControl();
    around_.reporter.event(
        report::EventId::reloaded,
        "the new configuration is in force: " + std::to_string(schedule_.targets()) + " secrets");
  }
  around_.service.ready(around_.reporter.status().summary(schedule_.targets()));
}

bool Engine::stopRounds() {
  around_.service.stopping();
  auto const latest = around_.clock.boot() + longestStop;
  around_.stop.request();
  around_.control.close();
  reign_->request();
  world_->stopWatching();
  auto* const leadership = world_->leadership();
  auto const ended =
      pool_.drain(leadership == nullptr ? longestStop : longestStop - releasePatience);
  // A round that hangs may still write: then the Lease must run out by itself.
  if (ended && leadership != nullptr) {
    leadership->release(std::min(latest, around_.clock.boot() + releasePatience));
  }
  for (auto const& outcome : pool_.takeOutcomes()) around_.reporter.outcome(outcome);
  return ended;
}

}  // namespace kms_secretd::app

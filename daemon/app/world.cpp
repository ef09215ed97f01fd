// SPDX-License-Identifier: Apache-2.0
#include "app/world.hpp"

#include "app/world_error.hpp"
#include "kube/kubeconfig.hpp"
#include "platform/sha256.hpp"
#include "report/cluster_events.hpp"

namespace kms_secretd::app {
namespace {

// A reload that leads elsewhere waits so long to give the old Lease up.
constexpr sdk::Milliseconds releasePatience{2000};
// --once waits so long for its last Events.
constexpr sdk::Milliseconds tellPatience{2000};

std::shared_ptr<kube::Connection> openConnection(core::Config const& config,
                                                 Foundation const& foundation,
                                                 platform::TransportFactory* transports) {
  try {
    return std::make_shared<kube::Connection>(
        config.cluster,
        kube::ConnectionSettings{
            .open = [transports](auto const& spec) { return transports->open(spec); },
            .clock = &foundation.clock,
            .userAgent = foundation.userAgent});
  } catch (kube::KubeconfigError const& error) {
    throw WorldError({config.cluster.origin.text() + ": kubeconfig: " + error.what()});
  }
}

cycle::Stages stagesOf(core::Config const& config, Foundation const& foundation,
                       fetch::Fetcher& fetcher, apply::KubeApi& kube) {
  auto const* const digest = &foundation.digest;
  return {.fetcher = fetcher,
          .kube = kube,
          .clock = foundation.clock,
          .instance = config.instance,
          .kubeTimeout = config.cluster.timeout,
          .digest = [digest](auto parts) { return digest->of(parts); },
          .watched = {},
          .asked = {}};
}

std::unique_ptr<TokenRenewal> renewalOf(kube::Connection& connection, kube::KubeClient& kube,
                                        Foundation const& foundation) {
  auto const file = connection.tokenFile();
  if (!ownTokenFile(file, foundation.stateDirectory)) return nullptr;
  return std::make_unique<TokenRenewal>(TokenRenewalSettings{
      .file = file,
      .clock = &foundation.clock,
      .request = [&kube](auto const& request) { return kube.requestToken(request); },
      .renewed = [&connection] { connection.expectChange(); }});
}

// Of all targets: equal on every node that has the same files.
std::string definitionsOf(core::Config const& config) {
  std::map<core::TargetId, std::string> hashes;
  for (auto const& target : config.targets) hashes[target->id] = target->hash;
  std::string text;
  for (auto const& [id, hash] : hashes) {
    text += id.text();
    text += ' ';
    text += hash;
    text += '\n';
  }
  return platform::sha256Hex(text);
}

std::unique_ptr<kube::KubeClient> leaseClientOf(core::Config const& config,
                                                Foundation const& foundation) {
  if (!config.highAvailability.leader) return nullptr;
  return std::make_unique<kube::KubeClient>(
      openConnection(config, foundation, &foundation.leaseTransports), foundation.clock);
}

VersionGate::Ask versionAsked(kube::KubeClient& kube) {
  return [&kube](auto const& call) { return kube.serverVersion(call); };
}

std::unique_ptr<VersionGate> gateOf(core::Config const& config, Foundation const& foundation,
                                    kube::Connection& connection) {
  return std::make_unique<VersionGate>(
      VersionGateSettings{.cluster = config.cluster.name,
                          .clock = &foundation.clock,
                          .server = [&connection] { return connection.server(); },
                          .generation = [&connection] { return connection.generation(); }});
}

// The first to speak to the server, so it is the first to ask for the version.
auto leaseRead(kube::KubeClient& kube, VersionGate& versions, core::LeasePlace const& place) {
  return [&kube, &versions,
          place](apply::KubeCall const& call) -> core::KubeResult<std::optional<kube::Lease>> {
    if (auto refusal = versions.admit(versionAsked(kube), call)) return *std::move(refusal);
    auto result = kube.readLease(place, call);
    versions.ended(result);
    return result;
  };
}

std::unique_ptr<EventSender> senderOf(core::Config const& config, Foundation const& foundation,
                                      kube::KubeClient& kube, Leadership* leadership) {
  if (!config.cluster.events) return nullptr;
  kube::EventSource const source{.node = foundation.identity.node};
  return std::make_unique<EventSender>(EventSenderSettings{
      .clock = &foundation.clock,
      .write = [&kube, source](auto const& write,
                               auto const& call) { return kube.writeEvent(write, source, call); },
      .leads = [leadership] { return leadership == nullptr || leadership->leads(); }});
}

std::unique_ptr<Leadership> leadershipOf(core::Config const& config, Foundation const& foundation,
                                         kube::KubeClient* kube, VersionGate& versions) {
  if (kube == nullptr) return nullptr;
  auto const& identity = foundation.identity;
  auto const place = config.leasePlace();
  return std::make_unique<Leadership>(LeadershipSettings{
      .election = {.identity = identity.text(), .lease = config.highAvailability.leaseDuration},
      .self = {.id = identity.random, .node = identity.node, .definitions = definitionsOf(config)},
      .place = place,
      .cluster = kube->connection()->server(),
      .clock = &foundation.clock,
      .read = leaseRead(*kube, versions, place),
      .write = [kube, place](auto const& lease, auto const& call) {
        return kube->writeLease(place, lease, call);
      }});
}

std::unique_ptr<WriteGuard> guardOf(Leadership* leadership, apply::KubeApi& kube,
                                    sdk::Clock const& clock) {
  if (leadership == nullptr) return nullptr;
  return std::make_unique<WriteGuard>(
      kube, GuardQuestions{.clock = &clock,
                           .window = [leadership] { return leadership->window(); },
                           .differing = [leadership] { return leadership->differing(); }});
}

apply::KubeApi& guarded(WriteGuard* guard, apply::KubeApi& kube) {
  return guard == nullptr ? kube : *guard;
}

}  // namespace

World::World(core::Config config, Foundation const& foundation)
    : config_(std::move(config)),
      connection_(openConnection(config_, foundation, &foundation.transports)),
      kube_(std::make_unique<kube::KubeClient>(connection_, foundation.clock)),
      leaseKube_(leaseClientOf(config_, foundation)),
      versions_(gateOf(config_, foundation, *connection_)),
      leadership_(leadershipOf(config_, foundation, leaseKube_.get(), *versions_)),
      guard_(guardOf(leadership_.get(), *kube_, foundation.clock)),
      versioned_(std::make_unique<VersionedApi>(guarded(guard_.get(), *kube_), *versions_,
                                                versionAsked(*kube_))),
      host_(foundation.transports, *kube_, foundation.clock, foundation.userAgent),
      stores_(config_, foundation.plugins, host_, notices_),
      fetcher_(stores_.access(), foundation.clock, fetch::extendedReads(config_.targets)),
      stages_(stagesOf(config_, foundation, fetcher_, *versioned_)),
      renewal_(renewalOf(*connection_, *kube_, foundation)),
      events_(senderOf(config_, foundation, *kube_, leadership_.get())) {}

World::~World() = default;

std::map<std::string, std::uint32_t> World::maxParallel() const { return stores_.maxParallel(); }

std::map<core::TargetId, schedule::StartState> World::seen() const {
  if (!watch_) return {};
  return watch_->seen();
}

void World::startWatching(DirtyTargets& dirty, sdk::BootTime deadline,
                          sdk::Cancellation const& stop) {
  if (config_.cluster.observe != core::ObserveMode::watch) return;
  watch_ = std::make_unique<ClusterWatch>(config_, connection_, stages_.clock, dirty);
  stages_.watched = [watch = watch_.get()](auto const& target, auto const& record) {
    return watch->known(target, record);
  };
  stages_.asked = [watch = watch_.get()](auto const& target, auto const& observed) {
    watch->asked(target, observed);
  };
  watch_->start(deadline, stop);
}

void World::startRenewing() {
  if (renewal_) renewal_->start();
}

void World::startTelling() {
  if (events_) events_->start();
}

void World::tell(core::Outcome const& outcome, bool failedBefore) {
  if (!events_) return;
  if (auto event = report::clusterEventOf(outcome, failedBefore)) {
    events_->offer(*std::move(event));
  }
}

void World::finishTelling() {
  if (events_) events_->drain(tellPatience);
}

std::vector<VersionGate::News> World::clusterNews() {
  auto news = versions_->takeNews();
  if (!events_) return news;
  for (auto& each : events_->takeNews()) news.push_back({each.id, std::move(each.text)});
  return news;
}

EventCounts World::eventCounts() { return events_ ? events_->counts() : EventCounts{}; }

void World::startLeading(World* before) {
  auto* const theirs = before == nullptr ? nullptr : before->leadership_.get();
  bool const inherited = theirs != nullptr && leadership_ && leadership_->inherit(*theirs);
  if (theirs != nullptr && !inherited) theirs->release(stages_.clock.boot() + releasePatience);
  if (leadership_) leadership_->start();
}

std::vector<TokenRenewal::News> World::renewalNews() {
  if (!renewal_) return {};
  return renewal_->takeNews();
}

void World::stopWatching() {
  if (watch_) watch_->stop();
  if (renewal_) renewal_->stop();
  if (events_) events_->stop();
  if (leadership_) leadership_->stop();
}

}  // namespace kms_secretd::app

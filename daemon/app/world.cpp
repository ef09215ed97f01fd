// SPDX-License-Identifier: Apache-2.0
#include "app/world.hpp"

#include "app/sweep_setup.hpp"
#include "app/world_error.hpp"
#include "kube/kubeconfig.hpp"
#include "platform/sha256.hpp"

namespace kms_secretd::app {
namespace {

// A reload that leads elsewhere waits so long to give the old Lease up.
constexpr sdk::Milliseconds releasePatience{2000};

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

std::unique_ptr<Leadership> leadershipOf(core::Config const& config, Foundation const& foundation,
                                         kube::KubeClient* kube) {
  if (kube == nullptr) return nullptr;
  auto const& identity = foundation.identity;
  auto const place = config.leasePlace();
  return std::make_unique<Leadership>(LeadershipSettings{
      .election = {.identity = identity.text(), .lease = config.highAvailability.leaseDuration},
      .self = {.id = identity.random, .node = identity.node, .definitions = definitionsOf(config)},
      .place = place,
      .cluster = kube->connection()->server(),
      .clock = &foundation.clock,
      .read = [kube, place](auto const& call) { return kube->readLease(place, call); },
      .write = [kube, place](auto const& lease,
                             auto const& call) { return kube->writeLease(place, lease, call); }});
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
      connection_(openConnection(config_, foundation, &foundation.leaseTransports)),
      kube_(std::make_unique<kube::KubeClient>(connection_, foundation.clock)),
      leaseKube_(leaseClientOf(config_, foundation)),
      leadership_(leadershipOf(config_, foundation, leaseKube_.get())),
      guard_(guardOf(leadership_.get(), *kube_, foundation.clock)),
      host_(foundation.transports, *kube_, foundation.clock, foundation.userAgent),
      stores_(config_, foundation.plugins, host_, notices_),
      fetcher_(stores_.access(), foundation.clock),
      stages_(stagesOf(config_, foundation, fetcher_, guarded(guard_.get(), *kube_))),
      renewal_(renewalOf(*connection_, *kube_, foundation)) {}

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

void World::startLeading(World* before) {
  auto* const theirs = before == nullptr ? nullptr : before->leadership_.get();
  bool const inherited = theirs != nullptr && leadership_ && leadership_->inherit(*theirs);
  if (theirs != nullptr && !inherited) theirs->release(stages_.clock.boot() + releasePatience);
  if (leadership_) leadership_->start();
}

void World::startSweeping(DirtyTargets& dirty, World const* before) {
  auto settings = sweepSettings(config_, config_.cluster.name);
  if (before != nullptr) settings.namespaces.merge(leftBy(before->config_, before->sweep()));
  sweep_ = std::make_unique<OrphanSweep>(
      connected(std::move(settings), {.connection = connection_,
                                      .writes = guarded(guard_.get(), *kube_),
                                      .leadership = leadership_.get(),
                                      .clock = stages_.clock,
                                      .dirty = dirty}));
  sweep_->start();
}

std::vector<TokenRenewal::News> World::renewalNews() {
  if (!renewal_) return {};
  return renewal_->takeNews();
}

void World::stopWatching() {
  if (watch_) watch_->stop();
  if (renewal_) renewal_->stop();
  if (sweep_) sweep_->stop();
  if (leadership_) leadership_->stop();
}

}  // namespace kms_secretd::app

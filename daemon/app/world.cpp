// SPDX-License-Identifier: Apache-2.0
#include "app/world.hpp"

#include "app/world_error.hpp"
#include "kube/kubeconfig.hpp"

namespace kms_secretd::app {
namespace {

std::shared_ptr<kube::Connection> openConnection(core::Config const& config,
                                                 Foundation const& foundation) {
  auto* const transports = &foundation.transports;
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
                       fetch::Fetcher& fetcher, kube::KubeClient& kube) {
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

}  // namespace

World::World(core::Config config, Foundation const& foundation)
    : config_(std::move(config)),
      connection_(openConnection(config_, foundation)),
      kube_(std::make_unique<kube::KubeClient>(connection_, foundation.clock)),
      host_(foundation.transports, *kube_, foundation.clock, foundation.userAgent),
      stores_(config_, foundation.plugins, host_, notices_),
      fetcher_(stores_.access(), foundation.clock),
      stages_(stagesOf(config_, foundation, fetcher_, *kube_)),
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

std::vector<TokenRenewal::News> World::renewalNews() {
  if (!renewal_) return {};
  return renewal_->takeNews();
}

void World::stopWatching() {
  if (watch_) watch_->stop();
  if (renewal_) renewal_->stop();
}

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#include "app/cluster_link.hpp"

#include <utility>

#include "app/sweep_setup.hpp"
#include "app/world_error.hpp"
#include "kube/kubeconfig.hpp"
#include "platform/sha256.hpp"
#include "report/cluster_events.hpp"

namespace kms_secretd::app {
namespace {

// --once waits so long for its last Events.
constexpr sdk::Milliseconds tellPatience{2000};

std::shared_ptr<kube::Connection> openConnection(core::ClusterConfig const& cluster,
                                                 Foundation const& foundation,
                                                 platform::TransportFactory* transports) {
  try {
    return std::make_shared<kube::Connection>(
        cluster, kube::ConnectionSettings{
                     .open = [transports](auto const& spec) { return transports->open(spec); },
                     .clock = &foundation.clock,
                     .userAgent = foundation.userAgent});
  } catch (kube::KubeconfigError const& error) {
    throw WorldError({cluster.origin.text() + ": kubeconfig: " + error.what()});
  }
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
std::string definitionsOf(core::Config const& share) {
  std::map<core::TargetId, std::string> hashes;
  for (auto const& target : share.targets) hashes[target->id] = target->hash;
  std::string text;
  for (auto const& [id, hash] : hashes) {
    text += id.text();
    text += ' ';
    text += hash;
    text += '\n';
  }
  return platform::sha256Hex(text);
}

std::unique_ptr<kube::KubeClient> leaseClientOf(core::Config const& share,
                                                core::ClusterConfig const& cluster,
                                                Foundation const& foundation) {
  if (!share.highAvailability.leader) return nullptr;
  return std::make_unique<kube::KubeClient>(
      openConnection(cluster, foundation, &foundation.leaseTransports), foundation.clock);
}

VersionGate::Ask versionAsked(kube::KubeClient& kube) {
  return [&kube](auto const& call) { return kube.serverVersion(call); };
}

VersionGateSettings gateSettings(std::string const& cluster, Foundation const& foundation,
                                 kube::Connection& connection) {
  return {.cluster = cluster,
          .clock = &foundation.clock,
          .server = [&connection] { return connection.server(); },
          .generation = [&connection] { return connection.generation(); }};
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

std::unique_ptr<EventSender> senderOf(core::ClusterConfig const& cluster,
                                      Foundation const& foundation, kube::KubeClient& kube,
                                      Leadership* leadership) {
  if (!cluster.events) return nullptr;
  kube::EventSource const source{.node = foundation.identity.node};
  return std::make_unique<EventSender>(EventSenderSettings{
      .clock = &foundation.clock,
      .write = [&kube, source](auto const& write,
                               auto const& call) { return kube.writeEvent(write, source, call); },
      .leads = [leadership] { return leadership == nullptr || leadership->leads(); }});
}

std::unique_ptr<Leadership> leadershipOf(core::Config const& share, Foundation const& foundation,
                                         kube::KubeClient* kube, VersionGate& versions) {
  if (kube == nullptr) return nullptr;
  auto const& identity = foundation.identity;
  auto const place = share.leasePlace();
  return std::make_unique<Leadership>(LeadershipSettings{
      .election = {.identity = identity.text(), .lease = share.highAvailability.leaseDuration},
      .self = {.id = identity.random, .node = identity.node, .definitions = definitionsOf(share)},
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

template <class Item>
void addAll(std::vector<ClusterLink::News>& news, std::vector<Item> items) {
  for (auto& item : items) news.push_back({item.id, std::move(item.text)});
}

}  // namespace

ClusterLink::ClusterLink(core::Config const& config, std::string const& cluster,
                         Foundation const& foundation)
    : share_(config.shareOf(cluster)),
      name_(cluster),
      clock_(foundation.clock),
      digest_(foundation.digest),
      connection_(openConnection(this->cluster(), foundation, &foundation.leaseTransports)),
      kube_(std::make_unique<kube::KubeClient>(connection_, foundation.clock)),
      leaseKube_(leaseClientOf(share_, this->cluster(), foundation)),
      versions_(gateSettings(name_, foundation, *connection_)),
      leadership_(leadershipOf(share_, foundation, leaseKube_.get(), versions_)),
      guard_(guardOf(leadership_.get(), *kube_, foundation.clock)),
      versioned_(guarded(guard_.get(), *kube_), versions_, versionAsked(*kube_)),
      host_(foundation.transports, *kube_, foundation.clock, foundation.userAgent),
      renewal_(renewalOf(*connection_, *kube_, foundation)),
      events_(senderOf(this->cluster(), foundation, *kube_, leadership_.get())),
      loginGeneration_(connection_->generation()) {}

ClusterLink::~ClusterLink() = default;

void ClusterLink::readThrough(fetch::Fetcher& fetcher) {
  auto const* const digest = &digest_;
  stages_ = std::make_unique<cycle::Stages>(
      cycle::Stages{.fetcher = fetcher,
                    .kube = versioned_,
                    .clock = clock_,
                    .instance = share_.instance,
                    .kubeTimeout = cluster().timeout,
                    .digest = [digest](auto parts) { return digest->of(parts); },
                    .policies = share_.policies,
                    .watched = {},
                    .asked = {}});
}

void ClusterLink::startWatching(DirtyTargets& dirty) {
  if (cluster().observe != core::ObserveMode::watch) return;
  watch_ = std::make_unique<ClusterWatch>(share_, connection_, clock_, dirty);
  stages_->watched = [watch = watch_.get()](auto const& target, auto const& record) {
    return watch->known(target, record);
  };
  stages_->asked = [watch = watch_.get()](auto const& target, auto const& observed) {
    watch->asked(target, observed);
  };
  watch_->start();
}

void ClusterLink::waitForLists(sdk::BootTime deadline, sdk::Cancellation const& stop) {
  if (watch_) watch_->waitForLists(deadline, stop);
}

std::map<core::TargetId, schedule::StartState> ClusterLink::seen() const {
  if (!watch_) return {};
  return watch_->seen();
}

void ClusterLink::startRenewing() {
  if (renewal_) renewal_->start();
}

std::vector<ClusterLink::News> ClusterLink::loginNews() {
  std::vector<News> news;
  addAll(news, login_.look(*connection_, clock_.wall()));
  if (renewal_) addAll(news, renewal_->takeNews());
  return news;
}

bool ClusterLink::loginChanged() {
  auto const generation = connection_->generation();
  return std::exchange(loginGeneration_, generation) != generation;
}

void ClusterLink::startTelling() {
  if (events_) events_->start();
}

void ClusterLink::tell(core::Outcome const& outcome, bool failedBefore) {
  if (!events_) return;
  if (auto event = report::clusterEventOf(outcome, failedBefore)) {
    events_->offer(*event, [&] { return report::messageOf(outcome); });
  }
}

void ClusterLink::finishTelling() {
  if (events_) events_->drain(tellPatience);
}

std::vector<ClusterLink::News> ClusterLink::versionNews() {
  std::vector<News> news;
  addAll(news, versions_.takeNews());
  return news;
}

std::vector<ClusterLink::News> ClusterLink::eventNews() {
  std::vector<News> news;
  if (events_) addAll(news, events_->takeNews());
  return news;
}

EventCounts ClusterLink::eventCounts() { return events_ ? events_->counts() : EventCounts{}; }

bool ClusterLink::goOnFrom(ClusterLink& before) {
  login_ = before.login_;  // what was said is not said again
  return leadership_ && before.leadership_ && leadership_->inherit(*before.leadership_);
}

void ClusterLink::startLeading() {
  if (leadership_) leadership_->start();
}

void ClusterLink::startSweeping(DirtyTargets& dirty, ClusterLink* before) {
  auto settings = sweepSettings(share_, name_);
  if (before != nullptr) settings.namespaces.merge(leftBy(before->share_, before->sweep()));
  sweep_ =
      std::make_unique<OrphanSweep>(connected(std::move(settings), {.connection = connection_,
                                                                    .writes = stages_->kube,
                                                                    .watch = watch_.get(),
                                                                    .leadership = leadership_.get(),
                                                                    .clock = clock_,
                                                                    .dirty = dirty}));
  sweep_->start();
}

void ClusterLink::stop() {
  if (watch_) watch_->stop();
  if (renewal_) renewal_->stop();
  if (events_) events_->stop();
  if (sweep_) sweep_->stop();
  if (leadership_) leadership_->stop();
}

}  // namespace kms_secretd::app

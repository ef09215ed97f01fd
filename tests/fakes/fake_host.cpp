// SPDX-License-Identifier: Apache-2.0
#include "fakes/fake_host.hpp"

#include <utility>

namespace kms_secretd::fakes {
namespace {

class FakeSource final : public sdk::SecretSource {
 public:
  explicit FakeSource(std::shared_ptr<SourceScript> script) : script_(std::move(script)) {}
  sdk::Result<sdk::SecretReading> read() noexcept override { return script_->read(); }
  sdk::Result<std::uint64_t> generation() noexcept override { return script_->generation(); }

 private:
  std::shared_ptr<SourceScript> script_;
};

std::shared_ptr<SourceScript> absentSource(std::string const& value) {
  auto script = std::make_shared<SourceScript>();
  script->fail({.kind = sdk::FailureKind::not_found, .message = value + " does not exist"});
  return script;
}

OpenedTransport recordOf(sdk::TransportSpec const& spec) {
  return {.host = spec.host,
          .port = spec.port,
          .connectAddress = spec.connectAddress,
          .plainHttp = spec.plainHttp,
          .rootsPem = spec.rootsPem,
          .partialChain = spec.partialChain,
          .clientCertificatePem = spec.clientCertificatePem,
          .hasClientKey = !spec.clientKeyPem.empty(),
          .proxy = spec.proxy,
          .maxHeaderBytes = spec.maxHeaderBytes,
          .maxBodyBytes = spec.maxBodyBytes,
          .connectTimeout = spec.connectTimeout};
}

template <class Map>
auto& scriptOf(Map& map, std::string const& name) {
  auto& script = map[name];
  if (!script) script = std::make_shared<typename Map::mapped_type::element_type>();
  return script;
}

}  // namespace

sdk::BootTime FakeHostClock::boot() const noexcept {
  return sdk::BootTime(sdk::Milliseconds(boot_.load()));
}

sdk::WallTime FakeHostClock::wall() const noexcept {
  return sdk::WallTime(sdk::Milliseconds(wall_.load()));
}

void FakeHostClock::setWall(sdk::WallTime time) noexcept {
  wall_ = time.time_since_epoch().count();
}

void FakeHostClock::advance(sdk::Milliseconds by) noexcept {
  boot_ += by.count();
  wall_ += by.count();
}

void SourceScript::set(std::string bytes) {
  std::lock_guard const lock(mutex_);
  bytes_ = std::move(bytes);
  failure_.reset();
  ++generation_;
}

void SourceScript::fail(sdk::Failure failure) {
  std::lock_guard const lock(mutex_);
  failure_ = std::move(failure);
  ++generation_;
}

void SourceScript::beforeRead(std::function<void()> hook) {
  std::lock_guard const lock(mutex_);
  hook_ = std::move(hook);
}

std::size_t SourceScript::reads() const {
  std::lock_guard const lock(mutex_);
  return reads_;
}

sdk::Result<std::uint64_t> SourceScript::generation() const {
  std::lock_guard const lock(mutex_);
  if (failure_) return *failure_;
  return generation_;
}

sdk::Result<sdk::SecretReading> SourceScript::read() {
  std::function<void()> hook;
  {
    std::lock_guard const lock(mutex_);
    hook = hook_;
  }
  if (hook) hook();
  std::lock_guard const lock(mutex_);
  ++reads_;
  if (failure_) return *failure_;
  return sdk::SecretReading{.bytes = sdk::SecretBytes(bytes_), .generation = generation_};
}

sdk::Result<std::unique_ptr<sdk::Transport>> FakeHost::openTransport(
    sdk::TransportSpec const& spec) noexcept {
  std::lock_guard const lock(mutex_);
  if (refusedTransports_) return *refusedTransports_;
  opened_.push_back(recordOf(spec));
  return std::unique_ptr<sdk::Transport>(
      std::make_unique<FakeTransport>(scriptOf(peers_, spec.host)));
}

sdk::Result<std::unique_ptr<sdk::SecretSource>> FakeHost::openSecretSource(
    sdk::SecretRef const& ref) noexcept {
  std::lock_guard const lock(mutex_);
  auto const refused = refusedSources_.find(ref.value);
  if (refused != refusedSources_.end()) return refused->second;
  ++openedSources_;
  auto& script = sources_[ref.value];
  if (!script) script = absentSource(ref.value);
  return std::unique_ptr<sdk::SecretSource>(std::make_unique<FakeSource>(script));
}

sdk::Result<sdk::ServiceAccountToken> FakeHost::serviceAccountToken(
    sdk::ServiceAccountTokenRequest const& request) noexcept {
  std::lock_guard const lock(mutex_);
  ++tokenRequests_;
  askedTokens_.push_back(request.namespaceName + '/' + request.serviceAccount + ' ' +
                         request.audience);
  if (tokens_.empty()) {
    return sdk::Failure{.kind = sdk::FailureKind::unavailable,
                        .message = "the test gave no ServiceAccount token"};
  }
  auto token = std::move(tokens_.front());
  tokens_.pop_front();
  return sdk::ServiceAccountToken{.token = sdk::SecretBytes(token.text),
                                  .expiresAt = token.expiresAt};
}

TransportScript& FakeHost::peer(std::string const& host) {
  std::lock_guard const lock(mutex_);
  return *scriptOf(peers_, host);
}

SourceScript& FakeHost::source(std::string const& value) {
  std::lock_guard const lock(mutex_);
  return *scriptOf(sources_, value);
}

void FakeHost::refuseTransports(sdk::Failure failure) {
  std::lock_guard const lock(mutex_);
  refusedTransports_ = std::move(failure);
}

void FakeHost::refuseSource(std::string const& value, sdk::Failure failure) {
  std::lock_guard const lock(mutex_);
  refusedSources_[value] = std::move(failure);
}

void FakeHost::giveToken(std::string token, sdk::WallTime expiresAt) {
  std::lock_guard const lock(mutex_);
  tokens_.push_back({.text = std::move(token), .expiresAt = expiresAt});
}

void FakeHost::credentialExpires(std::string const& credential, sdk::WallTime at) noexcept {
  std::lock_guard const lock(mutex_);
  expiries_.push_back({.credential = credential, .at = at});
}

std::vector<ToldExpiry> FakeHost::expiries() const {
  std::lock_guard const lock(mutex_);
  return expiries_;
}

void FakeHost::identityKnown(std::string const& identity) noexcept {
  std::lock_guard const lock(mutex_);
  identities_.push_back(identity);
}

std::vector<std::string> FakeHost::identities() const {
  std::lock_guard const lock(mutex_);
  return identities_;
}

std::vector<OpenedTransport> FakeHost::openedTransports() const {
  std::lock_guard const lock(mutex_);
  return opened_;
}

std::size_t FakeHost::openedSources() const {
  std::lock_guard const lock(mutex_);
  return openedSources_;
}

std::size_t FakeHost::tokenRequests() const {
  std::lock_guard const lock(mutex_);
  return tokenRequests_;
}

std::size_t FakeHost::reads() const {
  std::lock_guard const lock(mutex_);
  std::size_t total = 0;
  for (auto const& [name, script] : sources_) total += script->reads();
  return total;
}

void FakeHost::notice(std::string const& text) noexcept {
  std::lock_guard const lock(mutex_);
  notices_.push_back(text);
}

std::vector<std::string> FakeHost::notices() const {
  std::lock_guard const lock(mutex_);
  return notices_;
}

std::vector<std::string> FakeHost::askedTokens() const {
  std::lock_guard const lock(mutex_);
  return askedTokens_;
}

}  // namespace kms_secretd::fakes

// SPDX-License-Identifier: Apache-2.0
#include "kube/connection.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "kube/kubeconfig.hpp"
#include "kube/login.hpp"

namespace kms_secretd::kube {
namespace {

constexpr std::chrono::seconds lookAgain{1};

// All that one reading of the kubeconfig gave; replaced as a whole.
struct Identity {
  Kubeconfig config{};
  std::vector<SeenFile> files{};
  std::string clientCertificate{};
  std::shared_ptr<platform::StreamingTransport> transport{};

  [[nodiscard]] bool stale() const { return std::ranges::any_of(files, &SeenFile::changed); }
};

struct Token {
  SeenFile file{};
  sdk::SecretBytes text{};

  [[nodiscard]] bool stale() const { return !file.path.empty() && file.changed(); }
};

std::shared_ptr<platform::StreamingTransport> opened(TransportOpener const& open,
                                                     sdk::TransportSpec const& spec,
                                                     Kubeconfig const& config) {
  auto transport = open(spec);
  if (!transport) {
    throw KubeconfigError(config.file,
                          config.file + ": context \"" + config.context +
                              "\" cannot be used: " + transport.failure().message,
                          "mend the kubeconfig or the files that it names");
  }
  return std::move(transport).value();
}

// Files are looked at before they are read: a change in between is noticed next time.
Identity readIdentity(core::ClusterConfig const& cluster, TransportOpener const& open) {
  Identity identity;
  auto const kubeconfig = SeenFile::look(cluster.kubeconfig);
  identity.config = loadKubeconfig(cluster.kubeconfig, cluster.context);
  identity.files = lookAtIdentity(identity.config);
  identity.files.front() = kubeconfig;
  auto const spec = readTransportSpec(identity.config);
  identity.clientCertificate = spec.clientCertificatePem;
  identity.transport = opened(open, spec, identity.config);
  return identity;
}

Token readLogin(Kubeconfig const& config) {
  Token token;
  if (!config.token.path.empty()) token.file = SeenFile::look(config.token.path);
  token.text = readToken(config);
  return token;
}

}  // namespace

struct Connection::State {
  Identity identity{};
  Token token{};
  sdk::BootTime lastLook{};
  std::uint64_t generation = 0;
  std::optional<std::string> problem{};
};

Connection::Connection(core::ClusterConfig cluster, ConnectionSettings settings)
    : cluster_(std::move(cluster)), settings_(std::move(settings)) {
  auto state = std::make_unique<State>();
  state->identity = readIdentity(cluster_, settings_.open);
  state->token = readLogin(state->identity.config);
  state->lastLook = settings_.clock->boot();
  *state_.lock() = std::move(state);
}

Connection::~Connection() = default;

// What broke stays out of use, and is looked at again a second later: files that belong together
// are often replaced one after the other.
void Connection::follow(State& state) const {
  auto const now = settings_.clock->boot();
  if (now - state.lastLook < lookAgain) return;
  state.lastLook = now;
  try {
    if (state.identity.stale()) {
      auto identity = readIdentity(cluster_, settings_.open);
      auto token = readLogin(identity.config);
      state.identity = std::move(identity);
      state.token = std::move(token);
      ++state.generation;
    } else if (state.token.stale()) {
      state.token = readLogin(state.identity.config);
      ++state.generation;
    }
    state.problem.reset();
  } catch (KubeconfigError const& error) {
    state.problem = error.what();
  }
}

Connection::Way Connection::way() {
  auto access = state_.lock();
  State& state = **access;
  follow(state);
  Way way{.transport = state.identity.transport,
          .pathPrefix = state.identity.config.pathPrefix,
          .headers = {{.name = "User-Agent", .value = settings_.userAgent}}};
  if (!state.token.text.empty()) {
    std::string bearer = "Bearer ";
    bearer += state.token.text.reveal();
    way.headers.push_back({.name = "Authorization", .value = std::move(bearer)});
  }
  return way;
}

std::string Connection::server() { return (*state_.lock())->identity.config.server; }

std::optional<std::string> Connection::problem() { return (*state_.lock())->problem; }

std::string Connection::clientCertificate() { return (*state_.lock())->identity.clientCertificate; }

std::uint64_t Connection::generation() {
  auto access = state_.lock();
  State& state = **access;
  follow(state);
  return state.generation;
}

std::string Connection::tokenFile() { return (*state_.lock())->identity.config.token.path; }

void Connection::expectChange() { (*state_.lock())->lastLook -= lookAgain; }

}  // namespace kms_secretd::kube

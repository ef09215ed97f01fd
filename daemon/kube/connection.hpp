// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>
#include <kms-secretd/transport.hpp>

#include "core/config.hpp"
#include "platform/guarded.hpp"
#include "platform/streaming_transport.hpp"

namespace kms_secretd::kube {

/// Opens a transport: in the daemon platform::TransportFactory::open. Called from any thread.
using TransportOpener = std::function<sdk::Result<std::unique_ptr<platform::StreamingTransport>>(
    sdk::TransportSpec const&)>;

/// What a connection needs from its surroundings.
struct ConnectionSettings {
  TransportOpener open{};
  sdk::Clock const* clock = nullptr;  ///< outlives the connection
  std::string userAgent{};            ///< e.g. "kms-secretd/1.0"
};

/// The way to one API server: transport and login, following what the kubeconfig and the files
/// that it names become. A change is looked for at most once a second, when somebody asks. A
/// changed token is used from then on; a changed CA, certificate or kubeconfig opens a new
/// transport, while requests under way end on the old one. Any thread.
class Connection {
 public:
  /// Reads everything once. Throws KubeconfigError where something cannot be used (cannot start).
  Connection(core::ClusterConfig cluster, ConnectionSettings settings);
  ~Connection();
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;

  /// What one request goes out with.
  struct Way {
    std::shared_ptr<platform::StreamingTransport> transport{};  ///< shared: outlives a rotation
    std::string pathPrefix{};
    std::vector<sdk::HttpHeader> headers{};  ///< User-Agent, and Authorization where there is one
  };

  /// The way as it is now.
  [[nodiscard]] Way way();
  /// The server as the kubeconfig writes it, for messages.
  [[nodiscard]] std::string server();
  /// Why a changed kubeconfig or file is not in use (the login before it still is), or nothing.
  [[nodiscard]] std::optional<std::string> problem();
  /// The client certificate in use, PEM, or empty: to warn before it ends.
  [[nodiscard]] std::string clientCertificate();
  /// The file that the login's token is read from, or empty.
  [[nodiscard]] std::string tokenFile();
  /// Grows when another login came into use; looks for changes as way() does.
  [[nodiscard]] std::uint64_t generation();
  /// Looks for changes at the next way(), whenever the last look was (after a 401).
  void expectChange();
  /// The cluster that this leads to.
  [[nodiscard]] core::ClusterConfig const& cluster() const noexcept { return cluster_; }

 private:
  struct State;
  void follow(State& state) const;

  core::ClusterConfig const cluster_;
  ConnectionSettings const settings_;
  platform::Guarded<std::unique_ptr<State>> state_;
};

}  // namespace kms_secretd::kube

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <kms-secretd/host.hpp>

#include "platform/guarded.hpp"
#include "platform/transport_factory.hpp"

namespace kms_secretd::app::doctor {

/// A peer that stores speak to, and how it is trusted; without the client's key.
struct Peer {
  std::string host{};
  std::uint16_t port = 443;
  std::string connectAddress{};
  bool plainHttp = false;
  std::string rootsPem{};
  bool partialChain = false;
  std::string proxy{};
  friend bool operator==(Peer const&, Peer const&) = default;
};

/// What the stores' backends get while the doctor looks: as from the daemon, and the peers that
/// they open are written down. Any thread.
class DoctorHost final : public sdk::Host {
 public:
  /// All outlive the host. `cluster` hands out ServiceAccount tokens; null where there is no login.
  DoctorHost(platform::TransportFactory& transports, sdk::Host* cluster, sdk::Clock const& clock,
             std::string userAgent)
      : transports_(transports),
        cluster_(cluster),
        clock_(clock),
        userAgent_(std::move(userAgent)) {}

  sdk::Result<std::unique_ptr<sdk::Transport>> openTransport(
      sdk::TransportSpec const& spec) noexcept override;
  sdk::Result<std::unique_ptr<sdk::SecretSource>> openSecretSource(
      sdk::SecretRef const& ref) noexcept override;
  sdk::Result<sdk::ServiceAccountToken> serviceAccountToken(
      sdk::ServiceAccountTokenRequest const& request) noexcept override;
  [[nodiscard]] sdk::Clock const& clock() const noexcept override { return clock_; }
  [[nodiscard]] std::string userAgent() const override { return userAgent_; }

  /// The peers that were opened, each once.
  [[nodiscard]] std::vector<Peer> peers() const { return *peers_.lock(); }

 private:
  platform::TransportFactory& transports_;
  sdk::Host* cluster_;
  sdk::Clock const& clock_;
  std::string userAgent_;
  mutable platform::Guarded<std::vector<Peer>> peers_{};
};

}  // namespace kms_secretd::app::doctor

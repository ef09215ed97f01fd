// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/host.hpp>

#include "kube/kube_client.hpp"
#include "platform/transport_factory.hpp"

namespace kms_secretd::app {

/// What the daemon offers its backends (rules 7). One per world. Any thread.
class PluginHost final : public sdk::Host {
 public:
  /// All references outlive the host.
  PluginHost(platform::TransportFactory& transports, kube::KubeClient& kube,
             sdk::Clock const& clock, std::string userAgent)
      : transports_(transports), kube_(kube), clock_(clock), userAgent_(std::move(userAgent)) {}

  sdk::Result<std::unique_ptr<sdk::Transport>> openTransport(
      sdk::TransportSpec const& spec) noexcept override;
  sdk::Result<std::unique_ptr<sdk::SecretSource>> openSecretSource(
      sdk::SecretRef const& ref) noexcept override;
  sdk::Result<sdk::ServiceAccountToken> serviceAccountToken(
      sdk::ServiceAccountTokenRequest const& request) noexcept override;
  [[nodiscard]] sdk::Clock const& clock() const noexcept override { return clock_; }
  [[nodiscard]] std::string userAgent() const override { return userAgent_; }

 private:
  platform::TransportFactory& transports_;
  kube::KubeClient& kube_;
  sdk::Clock const& clock_;
  std::string userAgent_;
};

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <kms-secretd/host.hpp>

#include "platform/clock.hpp"
#include "platform/secret_source.hpp"
#include "platform/stop.hpp"
#include "platform/transport_factory.hpp"

namespace kms_secretd::conformance {

/// What the daemon offers a backend, without a daemon.
class RealHost final : public sdk::Host {
 public:
  sdk::Result<std::unique_ptr<sdk::Transport>> openTransport(
      sdk::TransportSpec const& spec) noexcept override {
    auto opened = factory_.open(spec);
    if (!opened.ok()) return std::move(opened.failure());
    return std::unique_ptr<sdk::Transport>(std::move(opened).value());
  }
  sdk::Result<std::unique_ptr<sdk::SecretSource>> openSecretSource(
      sdk::SecretRef const& ref) noexcept override {
    return platform::openSecretSource(ref);
  }
  sdk::Result<sdk::ServiceAccountToken> serviceAccountToken(
      sdk::ServiceAccountTokenRequest const& /*request*/) noexcept override {
    return sdk::Failure{.kind = sdk::FailureKind::unavailable, .message = "no cluster here"};
  }
  [[nodiscard]] sdk::Clock const& clock() const noexcept override { return clock_; }
  [[nodiscard]] std::string userAgent() const override { return "kms-secretd/conformance"; }

 private:
  platform::SystemClock clock_;
  platform::StopSignal stop_;
  platform::TransportFactory factory_{clock_, stop_};
};

}  // namespace kms_secretd::conformance

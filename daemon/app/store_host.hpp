// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <kms-secretd/host.hpp>

#include "app/notices.hpp"

namespace kms_secretd::app {

/// The host as one store sees it: what the store's backend tells the admin carries its name. Any
/// thread.
class StoreHost final : public sdk::Host {
 public:
  /// `host` and `notices` outlive this object.
  StoreHost(std::string store, sdk::Host& host, Notices& notices)
      : store_(std::move(store)), host_(host), notices_(notices) {}

  sdk::Result<std::unique_ptr<sdk::Transport>> openTransport(
      sdk::TransportSpec const& spec) noexcept override {
    return host_.openTransport(spec);
  }
  sdk::Result<std::unique_ptr<sdk::SecretSource>> openSecretSource(
      sdk::SecretRef const& ref) noexcept override {
    return host_.openSecretSource(ref);
  }
  sdk::Result<sdk::ServiceAccountToken> serviceAccountToken(
      sdk::ServiceAccountTokenRequest const& request) noexcept override {
    return host_.serviceAccountToken(request);
  }
  [[nodiscard]] sdk::Clock const& clock() const noexcept override { return host_.clock(); }
  [[nodiscard]] std::string userAgent() const override { return host_.userAgent(); }
  void notice(std::string const& text) noexcept override;

 private:
  std::string store_;
  sdk::Host& host_;
  Notices& notices_;
};

}  // namespace kms_secretd::app

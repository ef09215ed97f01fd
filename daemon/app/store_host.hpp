// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <kms-secretd/host.hpp>

#include "app/notices.hpp"
#include "platform/guarded.hpp"

namespace kms_secretd::app {

/// The end of the credential that a store uses, as its backend told it.
struct CredentialEnd {
  std::string credential{};  ///< names it, never shows it
  sdk::WallTime at{};
};

/// The host as one store's backend sees it: the world's, and a memory of what the backend told
/// about its credential; what it tells the admin carries the store's name. Any thread.
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
  void credentialExpires(std::string const& credential, sdk::WallTime at) noexcept override;
  void notice(std::string const& text) noexcept override;

  void identityKnown(std::string const& identity) noexcept override;

  /// Who the backend said it is; empty until it did.
  [[nodiscard]] std::string identity() const;
  /// What was told last; nothing if the credential has no end or none is known.
  [[nodiscard]] std::optional<CredentialEnd> credentialEnd() const;

 private:
  std::string store_;
  sdk::Host& host_;
  Notices& notices_;
  mutable platform::Guarded<std::optional<CredentialEnd>> end_{};
  mutable platform::Guarded<std::string> identity_{};
};

}  // namespace kms_secretd::app

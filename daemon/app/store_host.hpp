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
  /// `host` and `notices` live until moveTo() gives others, then until the rounds under way have
  /// ended; the host's clock outlives this object.
  StoreHost(std::string store, sdk::Host& host, Notices& notices)
      : store_(std::move(store)), clock_(host.clock()), peers_(Peers{&host, &notices}) {}

  /// From now on this host and these notices are meant. Any thread.
  void moveTo(sdk::Host& host, Notices& notices) { *peers_.lock() = {&host, &notices}; }

  sdk::Result<std::unique_ptr<sdk::Transport>> openTransport(
      sdk::TransportSpec const& spec) noexcept override {
    return peers().host->openTransport(spec);
  }
  sdk::Result<std::unique_ptr<sdk::SecretSource>> openSecretSource(
      sdk::SecretRef const& ref) noexcept override {
    return peers().host->openSecretSource(ref);
  }
  sdk::Result<sdk::ServiceAccountToken> serviceAccountToken(
      sdk::ServiceAccountTokenRequest const& request) noexcept override {
    return peers().host->serviceAccountToken(request);
  }
  [[nodiscard]] sdk::Clock const& clock() const noexcept override { return clock_; }
  [[nodiscard]] std::string userAgent() const override { return peers().host->userAgent(); }
  void credentialExpires(std::string const& credential, sdk::WallTime at) noexcept override;
  void notice(std::string const& text) noexcept override;

  void identityKnown(std::string const& identity) noexcept override;

  /// Who the backend said it is; empty until it did.
  [[nodiscard]] std::string identity() const;
  /// What was told last; nothing if the credential has no end or none is known.
  [[nodiscard]] std::optional<CredentialEnd> credentialEnd() const;

 private:
  struct Peers {
    sdk::Host* host = nullptr;
    Notices* notices = nullptr;
  };
  [[nodiscard]] Peers peers() const noexcept { return *peers_.lock(); }

  std::string store_;
  sdk::Clock const& clock_;
  mutable platform::Guarded<Peers> peers_;
  mutable platform::Guarded<std::optional<CredentialEnd>> end_{};
  mutable platform::Guarded<std::string> identity_{};
};

}  // namespace kms_secretd::app

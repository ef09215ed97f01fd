// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <kms-secretd/host.hpp>

#include "platform/guarded.hpp"

namespace kms_secretd::app {

/// The end of the credential that a store uses, as its backend told it.
struct CredentialEnd {
  std::string credential{};  ///< names it, never shows it
  sdk::WallTime at{};
};

/// The host as one store's backend sees it: the world's, and a memory of what the backend told
/// about its credential. Any thread.
class StoreHost final : public sdk::Host {
 public:
  /// `host` outlives this object.
  explicit StoreHost(sdk::Host& host) : host_(host) {}

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

  /// What was told last; nothing if the credential has no end or none is known.
  [[nodiscard]] std::optional<CredentialEnd> credentialEnd() const;

 private:
  sdk::Host& host_;
  mutable platform::Guarded<std::optional<CredentialEnd>> end_{};
};

}  // namespace kms_secretd::app

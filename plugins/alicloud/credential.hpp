// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::alicloud {

/// How long a credential is good.
struct CredentialLife {
  std::optional<sdk::WallTime> expiresAt{};  ///< as the issuer's clock says, for the admin
  std::optional<sdk::BootTime> goodUntil{};  ///< the same on this host's boot clock, for decisions
};

/// An access key, or an STS triple if there is a token. Immutable: id, secret and token always come
/// from the same reading, so no request is ever signed with a torn set. Wiped with its last owner.
class Credential {
 public:
  /// An empty `securityToken` makes a long-lived access key.
  Credential(std::string accessKeyId, sdk::SecretBytes accessKeySecret,
             sdk::SecretBytes securityToken, CredentialLife life = {})
      : id_(std::move(accessKeyId)),
        secret_(std::move(accessKeySecret)),
        token_(std::move(securityToken)),
        life_(life) {}
  Credential(Credential const&) = delete;
  Credential& operator=(Credential const&) = delete;
  ~Credential();

  [[nodiscard]] std::string const& accessKeyId() const noexcept { return id_; }
  [[nodiscard]] sdk::SecretBytes const& accessKeySecret() const noexcept { return secret_; }
  /// Empty for a long-lived access key.
  [[nodiscard]] sdk::SecretBytes const& securityToken() const noexcept { return token_; }

  /// When it ends; empty for what nobody told the end of.
  [[nodiscard]] CredentialLife const& life() const noexcept { return life_; }
  /// False once its end has come.
  [[nodiscard]] bool isGoodAt(sdk::BootTime now) const noexcept {
    return !life_.goodUntil || now < *life_.goodUntil;
  }

  /// True if id, secret and token are equal.
  friend bool operator==(Credential const& a, Credential const& b) noexcept {
    return a.id_ == b.id_ && a.secret_ == b.secret_ && a.token_ == b.token_;
  }

 private:
  std::string id_;
  sdk::SecretBytes secret_;
  sdk::SecretBytes token_;
  CredentialLife life_;
};

/// Shared, because a provider replaces its credential while other threads still sign with the old
/// one; const, because sharing is only safe for what never changes.
using CredentialPtr = std::shared_ptr<Credential const>;

}  // namespace kms_secretd::alicloud

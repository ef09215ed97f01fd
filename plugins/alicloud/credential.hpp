// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::alicloud {

/// An access key, or an STS triple if there is a token. Immutable: id, secret and token always come
/// from the same reading, so no request is ever signed with a torn set. Wiped with its last owner.
class Credential {
 public:
  /// An empty `securityToken` makes a long-lived access key.
  Credential(std::string accessKeyId, sdk::SecretBytes accessKeySecret,
             sdk::SecretBytes securityToken)
      : id_(std::move(accessKeyId)),
        secret_(std::move(accessKeySecret)),
        token_(std::move(securityToken)) {}
  Credential(Credential const&) = delete;
  Credential& operator=(Credential const&) = delete;
  ~Credential();

  [[nodiscard]] std::string const& accessKeyId() const noexcept { return id_; }
  [[nodiscard]] sdk::SecretBytes const& accessKeySecret() const noexcept { return secret_; }
  /// Empty for a long-lived access key.
  [[nodiscard]] sdk::SecretBytes const& securityToken() const noexcept { return token_; }

  /// True if all three parts are equal.
  friend bool operator==(Credential const& a, Credential const& b) noexcept {
    return a.id_ == b.id_ && a.secret_ == b.secret_ && a.token_ == b.token_;
  }

 private:
  std::string id_;
  sdk::SecretBytes secret_;
  sdk::SecretBytes token_;
};

/// Shared, because a provider replaces its credential while other threads still sign with the old
/// one; const, because sharing is only safe for what never changes.
using CredentialPtr = std::shared_ptr<Credential const>;

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "alicloud/credential_provider.hpp"
#include "alicloud/guarded.hpp"

namespace kms_secretd::alicloud {

/// The members that the configuration names, in order. The first that has a credential is the
/// store's identity from then on: a later outage of it never makes the store somebody else (B19).
/// Any number of threads.
class ChainProvider final : public CredentialProvider {
 public:
  struct Member {
    std::string type{};  ///< for messages
    std::unique_ptr<CredentialProvider> provider{};
  };
  /// At least one member.
  explicit ChainProvider(std::vector<Member> members) : members_(std::move(members)) {}
  sdk::Result<CredentialPtr> get(CredentialRequest const& request) noexcept override;
  /// Looks at the member that was chosen, and chooses none.
  bool lookAhead() noexcept override;

 private:
  sdk::Result<CredentialPtr> choose(CredentialRequest const& request);

  std::vector<Member> members_;
  Guarded<CredentialProvider*> chosen_{nullptr};
};

}  // namespace kms_secretd::alicloud

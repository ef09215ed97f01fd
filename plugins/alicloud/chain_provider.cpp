// SPDX-License-Identifier: Apache-2.0
#include "alicloud/chain_provider.hpp"

#include <utility>

#include <kms-secretd/plugin.hpp>

namespace kms_secretd::alicloud {

sdk::Result<CredentialPtr> ChainProvider::choose(CredentialRequest const& request) {
  sdk::Failure all{.kind = sdk::FailureKind::unauthenticated,
                   .message = "no member of auth.members has a credential"};
  for (auto& member : members_) {
    auto credential = member.provider->get(request);
    if (!credential) {
      all.message.append("; ").append(member.type).append(": ");
      all.message.append(credential.failure().message);
      continue;
    }
    auto* const winner = chosen_.with([&](CredentialProvider*& chosen) {
      if (chosen == nullptr) chosen = member.provider.get();
      return chosen;
    });
    // Another thread may have settled on another member meanwhile; a store has one identity.
    return winner == member.provider.get() ? std::move(credential) : winner->get(request);
  }
  return all;
}

sdk::Result<CredentialPtr> ChainProvider::get(CredentialRequest const& request) noexcept {
  auto* const chosen = chosen_.with([](CredentialProvider* each) { return each; });
  if (chosen != nullptr) return chosen->get(request);
  return sdk::guarded([&] { return choose(request); });
}

bool ChainProvider::lookAhead() noexcept {
  auto* const chosen = chosen_.with([](CredentialProvider* each) { return each; });
  return chosen != nullptr && chosen->lookAhead();
}

}  // namespace kms_secretd::alicloud

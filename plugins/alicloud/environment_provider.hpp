// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "alicloud/guarded.hpp"
#include "alicloud/provider_builder.hpp"

namespace kms_secretd::alicloud {

/// The identity of the daemon's environment. It is looked at by the first get() and not by the
/// constructor: whoever checks a configuration has another environment. Any number of threads.
class EnvironmentProvider final : public CredentialProvider {
 public:
  EnvironmentProvider(ProviderBuilder builder, RoleSession defaults)
      : builder_(std::move(builder)), defaults_(std::move(defaults)) {}
  sdk::Result<CredentialPtr> get(CredentialRequest const& request) noexcept override;

 private:
  using Inner = std::shared_ptr<CredentialProvider>;
  sdk::Result<Inner> inner(Inner& made) const;

  ProviderBuilder builder_;
  RoleSession defaults_;
  Guarded<Inner> inner_{};
};

}  // namespace kms_secretd::alicloud

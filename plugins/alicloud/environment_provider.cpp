// SPDX-License-Identifier: Apache-2.0
#include "alicloud/environment_provider.hpp"

#include <kms-secretd/plugin.hpp>

#include "alicloud/environment_login.hpp"

namespace kms_secretd::alicloud {

sdk::Result<EnvironmentProvider::Inner> EnvironmentProvider::inner(Inner& made) const {
  if (made) return made;
  auto const login = readEnvironment(builder_.host(), defaults_);
  if (!login) return login.failure();
  try {
    made = builder_.fromProfile(login.value());
    return made;
  } catch (sdk::OptionError const& error) {
    return sdk::Failure{.kind = sdk::FailureKind::unauthenticated,
                        .message = std::string("the environment is unusable: ") + error.what()};
  }
}

sdk::Result<CredentialPtr> EnvironmentProvider::get(CredentialRequest const& request) noexcept {
  return sdk::guarded([&]() -> sdk::Result<CredentialPtr> {
    auto found = inner_.with([&](Inner& made) { return inner(made); });
    if (!found) return std::move(found.failure());
    return found.value()->get(request);
  });
}

}  // namespace kms_secretd::alicloud

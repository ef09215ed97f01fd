// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "alicloud/guarded.hpp"
#include "alicloud/provider_builder.hpp"

namespace kms_secretd::alicloud {

/// A profile of the vendor's credentials file or of the CLI's configuration. The file is looked at
/// by every get(); a changed one that is good replaces what was built from the old one, a bad one
/// leaves it in use and says so. Any number of threads.
class ProfileProvider final : public CredentialProvider {
 public:
  /// `profile` may be empty; `defaults` fills in what the profile says nothing of.
  ProfileProvider(ProviderBuilder builder, std::unique_ptr<sdk::SecretSource> file,
                  std::string profile, RoleSession defaults);
  sdk::Result<CredentialPtr> get(CredentialRequest const& request) noexcept override;
  bool lookAhead() noexcept override;

 private:
  using Inner = std::shared_ptr<CredentialProvider>;
  struct State {
    std::unique_ptr<sdk::SecretSource> file{};
    std::optional<std::uint64_t> generation{};  ///< of the last reading, good or bad
    Inner inner{};                              ///< null before the first good reading
    std::optional<sdk::Failure> problem{};      ///< of the last reading
    std::string said{};
    Inner looked{};  ///< in use at the last look
  };

  sdk::Result<Inner> current(State& state) const;
  void look(State& state) const;
  void take(State& state, sdk::SecretBytes const& bytes) const;

  ProviderBuilder builder_;
  std::string profile_;
  RoleSession defaults_;
  Guarded<State> state_;
};

}  // namespace kms_secretd::alicloud

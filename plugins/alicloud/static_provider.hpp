// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <kms-secretd/host.hpp>

#include "alicloud/credential_provider.hpp"
#include "alicloud/guarded.hpp"
#include "alicloud/notice.hpp"

namespace kms_secretd::alicloud {

/// The sources of a static credential; `token` is null for a long-lived access key.
struct StaticSources {
  std::unique_ptr<sdk::SecretSource> id{};
  std::unique_ptr<sdk::SecretSource> secret{};
  std::unique_ptr<sdk::SecretSource> token{};
  std::string path = "auth";  ///< of the options table that names them, for messages
};

/// An access key or STS triple that somebody else keeps in files, credentials or the environment.
/// Every get() looks whether a source changed, so a rotated key is used at once (B20). A new
/// reading that is unusable keeps the old credential, until the service refuses that one.
class StaticProvider final : public CredentialProvider {
 public:
  explicit StaticProvider(StaticSources sources, Notice notice = {});
  sdk::Result<CredentialPtr> get(CredentialRequest const& request) noexcept override;
  bool lookAhead() noexcept override;

 private:
  using Generations = std::array<std::uint64_t, 3>;
  struct Triple {
    Generations generations{};
    CredentialPtr credential{};
  };
  struct State {
    StaticSources sources{};
    Triple current{};        ///< credential is null before the first usable reading
    std::string said{};      ///< the last notice; empty while the sources are good
    CredentialPtr looked{};  ///< in use at the last look
  };

  sdk::Result<CredentialPtr> answer(State& state, CredentialRequest const& request) const;
  void say(State& state, std::string const& text) const;
  static sdk::Result<Triple> readUntorn(State& state);
  static sdk::Result<Triple> readOnce(State& state);

  Notice notice_;
  Guarded<State> state_;
};

}  // namespace kms_secretd::alicloud

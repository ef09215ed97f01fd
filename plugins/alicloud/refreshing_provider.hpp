// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include <kms-secretd/clock.hpp>

#include "alicloud/credential_source.hpp"
#include "alicloud/monitor.hpp"
#include "alicloud/notice.hpp"

namespace kms_secretd::alicloud {

/// Random numbers from 0 to 1; called under no lock, from several threads.
using Jitter = std::function<double()>;

/// Numbers from the C++ random generator, seeded by the system.
[[nodiscard]] Jitter randomJitter();

/// Keeps the credential of a source fresh. One caller at a time asks the source while the others go
/// on with the credential they have, or wait if there is none. It is renewed ahead of its end; when
/// that fails, the old one is used until its end has really come. A refused credential is replaced
/// at once, but never twice within some seconds: the same object is answered again, which tells the
/// caller that there is nothing newer. Any number of threads.
class RefreshingProvider final : public CredentialProvider {
 public:
  /// `clock` outlives the provider.
  RefreshingProvider(std::unique_ptr<CredentialSource> source, sdk::Clock const& clock,
                     Notice notice = {}, Jitter jitter = randomJitter());
  sdk::Result<CredentialPtr> get(CredentialRequest const& request) noexcept override;

 private:
  struct State {
    CredentialPtr current{};
    sdk::BootTime obtained{};
    sdk::BootTime renewAt{};         ///< not before, while current is good
    sdk::BootTime askAgainAt{};      ///< not before, after a failure
    sdk::BootTime replaceAgainAt{};  ///< not before, after a forced replacement
    std::optional<sdk::Failure> lastFailure{};
    bool isAsking = false;
    bool saidThatItFails = false;  ///< the notice, until a renewal succeeds
  };
  enum class Step { use, fail, wait, renew, replace };

  static Step decide(State const& state, CredentialRequest const& request, sdk::BootTime now);
  sdk::Result<CredentialPtr> run(CredentialRequest const& request);
  sdk::Result<CredentialPtr> ask(CredentialRequest const& request, Step step);
  sdk::Result<CredentialPtr> settle(State& state, sdk::Result<CredentialPtr> issued, Step step,
                                    double jitter);
  void keep(State& state, CredentialPtr issued, double jitter);

  std::unique_ptr<CredentialSource> source_;
  sdk::Clock const& clock_;
  Notice notice_;
  Jitter jitter_;
  Monitor<State> state_;
};

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>

#include "apply/kube_api.hpp"
#include "core/due.hpp"
#include "core/feed_policy.hpp"
#include "core/observed.hpp"
#include "core/outcome.hpp"
#include "fetch/fetcher.hpp"

namespace kms_secretd::cycle {

/// The worldly things that a round goes through. All of them outlive the round and may be used by
/// several rounds at once.
struct Stages {
  fetch::Fetcher& fetcher;
  apply::KubeApi& kube;
  sdk::Clock const& clock;
  std::string instance = "default";
  sdk::Milliseconds kubeTimeout{15'000};  ///< of one request
  /// Keyed digest of parts in order; the key never leaves the process.
  std::function<core::Digest(std::span<std::string_view const>)> digest{};
  std::vector<core::FeedPolicy> policies{};  ///< which store may feed what
  /// What the watch knows of a target, given what its last round left; nothing = ask the server.
  std::function<std::optional<core::Observed>(core::TargetId const&, core::AppliedRecord const&)>
      watched{};
  /// Hears what the API server answered where it was asked; optional.
  std::function<void(core::TargetId const&, core::Observed const&)> asked{};
};

/// The road of one secret, from due to outcome. Runs on a worker; never throws for anything that a
/// peer did. No plaintext is left in the result. `fetched` is called once all values are there.
[[nodiscard]] core::Outcome runRound(core::Due const& due, Stages const& stages,
                                     sdk::Cancellation const* cancellation,
                                     std::function<void()> const& fetched = {});

}  // namespace kms_secretd::cycle

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>

#include "core/config.hpp"
#include "kube/kube_client.hpp"

namespace kms_secretd::app {

/// What a check of one store or cluster has to say.
struct StoreCheck {
  bool good = false;
  std::vector<std::string> lines{};  ///< sentences for the admin, which one named in each
};

/// Asks a store who the daemon is there and whether the secrets that `config` reads from it may be
/// read, at most as many a second as the store allows. Takes as long as that takes; ends when
/// `stop` is requested.
[[nodiscard]] StoreCheck checkStore(core::Config const& config, std::string const& store,
                                    sdk::Backend& backend, sdk::Clock const& clock,
                                    sdk::Cancellation const& stop);

/// Asks the API server of a cluster for its version, as VersionGate does; good unless it is too old
/// or does not answer.
[[nodiscard]] StoreCheck checkCluster(core::ClusterConfig const& cluster, kube::KubeClient& kube,
                                      apply::KubeCall const& call);

/// The sentence about identity, end and clock. Pure.
[[nodiscard]] std::string identityLine(std::string const& store, sdk::ProbeReport const& report,
                                       sdk::WallTime now);

}  // namespace kms_secretd::app

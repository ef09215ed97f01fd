// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/doctor/finding.hpp"
#include "apply/kube_api.hpp"
#include "kube/access_review.hpp"
#include "kube/kube_client.hpp"

namespace kms_secretd::app::doctor {

/// Asks the API server for its version, and compares the clocks. True if it answered.
[[nodiscard]] bool lookAtServer(kube::KubeClient& kube, sdk::Clock const& clock,
                                apply::KubeCall const& call, Findings& findings);

/// Asks the API server for each of `rights`, at most `most` of them, whether we have it.
void lookAtRights(kube::KubeClient& kube, std::vector<kube::Right> const& rights, std::size_t most,
                  apply::KubeCall const& call, Findings& findings);

/// What the daemon cannot see: whether the cluster keeps Secrets encrypted. Pure.
void hintAtEncryption(std::string const& server, Findings& findings);

}  // namespace kms_secretd::app::doctor

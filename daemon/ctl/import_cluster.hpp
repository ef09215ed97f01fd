// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ctl/cluster_client.hpp"
#include "ctl/import.hpp"

namespace kms_secretd::ctl {

/// Lists ack-secret-manager's objects of all namespaces, or of one (and those of the cluster), and
/// the ServiceAccounts that its stores name. Throws ClusterError, also where the cluster does not
/// know the kinds.
[[nodiscard]] std::vector<ManifestFile> manifestsIn(ClusterClient& cluster,
                                                    std::string const& namespaceName);

}  // namespace kms_secretd::ctl

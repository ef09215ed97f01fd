// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/backend.hpp>

#include "alicloud/auth.hpp"
#include "kms-endpoint/open_api.hpp"

namespace kms_secretd::kms_endpoint {

/// Looks whether a store can be used: gets its credential, asks STS whose it is, and KMS for each
/// secret whether it may be read. `tools.dryRun` is true. Fails where there is no credential.
[[nodiscard]] sdk::Result<sdk::ProbeReport> runProbe(CallTools const& tools,
                                                     alicloud::Auth const& auth,
                                                     sdk::ProbeRequest const& request);

}  // namespace kms_secretd::kms_endpoint

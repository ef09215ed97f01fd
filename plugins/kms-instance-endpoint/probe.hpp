// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/backend.hpp>

#include "kms-instance-endpoint/client_key_protocol.hpp"

namespace kms_secretd::kms_instance_endpoint {

/// Looks whether a store can be used: reads its client key, lets the instance judge it by a request
/// for a secret that does not exist, and reads each of the secrets. Fails where there is no client
/// key, or the instance does not take it.
[[nodiscard]] sdk::Result<sdk::ProbeReport> runProbe(CallTools const& tools,
                                                     sdk::ProbeRequest const& request);

}  // namespace kms_secretd::kms_instance_endpoint

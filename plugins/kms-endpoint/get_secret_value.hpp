// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/backend.hpp>

#include "alicloud/v3_signing.hpp"

namespace kms_secretd::kms_endpoint {

/// The call, unsigned. `authority` is what the Host field will say. Parameters that are not set are
/// not sent (KMS protocol 1.2).
[[nodiscard]] alicloud::RpcRequest getSecretValue(sdk::FetchRequest const& request,
                                                  std::string authority);

}  // namespace kms_secretd::kms_endpoint

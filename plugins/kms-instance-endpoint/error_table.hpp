// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/rpc_error.hpp"

namespace kms_secretd::kms_instance_endpoint {

/// What a refusal by the instance protocol means (KMS protocol 5.5). The codes that it shares with
/// the OpenAPI mean the same, but what to do differs: rights come from the access point's policy
/// and not from RAM. Codes of neither are classified by status. Never answers not_found for a code
/// that is not known to mean it.
[[nodiscard]] alicloud::Verdict verdictOn(alicloud::RpcError const& error);

}  // namespace kms_secretd::kms_instance_endpoint

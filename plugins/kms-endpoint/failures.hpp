// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/failure.hpp>

#include "alicloud/credential.hpp"
#include "alicloud/rpc_error.hpp"
#include "alicloud/v3_signing.hpp"

namespace kms_secretd::kms_endpoint {

/// What a refused request was signed with, to keep it out of the message and to judge the echo.
struct Signed {
  alicloud::SignedRequest const& request;
  alicloud::Credential const& credential;
};

/// A refusal by the service as a failure: its code, its text made presentable, and what to do. The
/// message lacks its beginning (alicloud::beginningOf) and holds no value, key, token or signature.
[[nodiscard]] sdk::Failure refused(alicloud::RpcError const& error, Signed const& sent);

}  // namespace kms_secretd::kms_endpoint

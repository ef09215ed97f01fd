// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>

#include "alicloud/rpc_error.hpp"
#include "kms-instance-endpoint/client_key.hpp"
#include "kms-instance-endpoint/signing.hpp"

namespace kms_secretd::kms_instance_endpoint {

/// What a refused request was signed with.
struct Signed {
  SignedCall const& call;
  ClientKey const& key;
  sdk::WallTime date{};  ///< as it was signed: tells whether the key had ended
};

/// A refusal by the instance as a failure: its code, its text made presentable, and what to do. The
/// message lacks its beginning (alicloud::beginningOf) and holds no value, key, password or
/// signature.
[[nodiscard]] sdk::Failure refused(alicloud::RpcError const& error, Signed const& sent);

}  // namespace kms_secretd::kms_instance_endpoint

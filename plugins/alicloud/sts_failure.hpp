// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/failure.hpp>

#include "alicloud/rpc_error.hpp"

namespace kms_secretd::alicloud {

/// What an STS refusal means; kinds as CredentialProvider allows them (KMS protocol 4.3, 4.4).
[[nodiscard]] Verdict classifySts(RpcError const& error);

/// A refusal as a failure: action, host, code, the service's text without any `sensitive` string,
/// and the remedy.
[[nodiscard]] sdk::Failure stsRefusal(std::string_view action, std::string_view host,
                                      RpcError const& error,
                                      std::vector<std::string_view> const& sensitive);

/// A failure of the transport towards an issuer; `step` is such as "STS AssumeRole at sts.x".
[[nodiscard]] sdk::Failure issuerUnreachable(std::string const& step,
                                             sdk::Failure const& transport);

}  // namespace kms_secretd::alicloud

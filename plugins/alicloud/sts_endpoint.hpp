// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "alicloud/endpoint.hpp"

namespace kms_secretd::alicloud {

/// From where STS is called.
enum class StsNetwork { vpc, internet };

/// The host of STS for a region (KMS protocol 4.3): `sts-vpc.<region>` inside of VPCs,
/// `sts.<region>` from the internet. cn-hangzhou-finance uses the hosts of cn-hangzhou. Nothing for
/// cn-shenzhen-finance-1 and cn-north-2-gov-1 from the internet: they have no such host.
[[nodiscard]] std::optional<Endpoint> stsEndpoint(std::string_view region, StsNetwork network);

/// True for `sts.aliyuncs.com`, `sts.<region>.aliyuncs.com` and `sts-vpc.<region>.aliyuncs.com`.
[[nodiscard]] bool isStsHost(std::string_view host) noexcept;

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/host.hpp>

#include "alicloud/profile_file.hpp"

namespace kms_secretd::alicloud {

/// Reads the identity that the daemon's environment describes, under the vendor's names and those
/// that ack-secret-manager and the CSI driver use (KMS protocol 4.7): an access key or STS triple,
/// with a role if one is named; an OIDC role; the instance's role by ALIBABA_CLOUD_ECS_METADATA; a
/// credentials URI. Exactly one of them must be there: half of one, or two of them, is refused, so
/// that a forgotten variable never makes the daemon somebody else. Failures are unauthenticated and
/// name the variables.
[[nodiscard]] sdk::Result<ProfileLogin> readEnvironment(sdk::Host& host,
                                                        RoleSession const& defaults);

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/options.hpp>

#include "alicloud/sts_client.hpp"

// What may stand in an `auth` table, by its type; pure functions over options.

namespace kms_secretd::alicloud {

/// Refuses an `auth` table (at `path`: "auth", "auth.base", ...) whose type is missing, that lacks
/// an option of its type or has one of another type. Throws sdk::OptionError.
void checkAuth(sdk::Options const& auth, std::string const& path);

/// The session of the role in role_arn, or (`isRemote`) of remote_role. Policy and external id
/// belong to the last role. Throws sdk::OptionError.
[[nodiscard]] RoleSession sessionOf(sdk::Options const& auth, std::string const& path,
                                    bool isRemote);

/// Name and duration of sessions, as given or by default; without a role.
[[nodiscard]] RoleSession sessionDefaults(sdk::Options const& auth);

}  // namespace kms_secretd::alicloud

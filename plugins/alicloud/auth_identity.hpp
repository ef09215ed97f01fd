// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <kms-secretd/options.hpp>

// Who a store is, in words for the status; nothing of it opens anything.

namespace kms_secretd::alicloud {

/// The way of an `auth` table and the role that it ends as: "access_key", "ram_role
/// acs:ram::1:role/kms", "chain then acs:ram::2:role/other". Pure.
[[nodiscard]] std::string describeAuth(sdk::Options const& auth);

/// The last four characters of an access key id, "...x7Qp"; of a shorter one than eight nothing but
/// the dots. Pure.
[[nodiscard]] std::string shortId(std::string_view accessKeyId);

}  // namespace kms_secretd::alicloud

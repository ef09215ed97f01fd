// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "alicloud/sts_client.hpp"

// What STS takes as roles and sessions (KMS protocol 4.3); pure functions.

namespace kms_secretd::alicloud {

/// `acs:ram::<account>:role/<name>`.
[[nodiscard]] bool isRoleArn(std::string_view text) noexcept;
/// `acs:ram::<account>:oidc-provider/<name>`.
[[nodiscard]] bool isProviderArn(std::string_view text) noexcept;
/// A name as RAM roles have it, which is also safe within a path.
[[nodiscard]] bool isRoleName(std::string_view text) noexcept;

/// What is wrong with a session: the option of the `auth` table, and a sentence.
struct SessionFault {
  char const* option;
  std::string what;
};
/// The first thing that STS would refuse in a session, or nothing.
[[nodiscard]] std::optional<SessionFault> faultOf(RoleSession const& session);

}  // namespace kms_secretd::alicloud

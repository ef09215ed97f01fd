// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <kms-secretd/host.hpp>

namespace kms_secretd::kube {

/// Reads status.token and status.expirationTimestamp of a TokenRequest reply; nothing where either
/// is missing. Pure; any thread.
[[nodiscard]] std::optional<sdk::ServiceAccountToken> parseTokenReply(std::string_view json);

}  // namespace kms_secretd::kube

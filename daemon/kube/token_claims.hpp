// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::kube {

/// What a ServiceAccount token says of itself.
struct TokenClaims {
  std::string namespaceName{};
  std::string serviceAccount{};
  sdk::WallTime issuedAt{};
  sdk::WallTime expiresAt{};
};

/// Reads the claims of a ServiceAccount token (a JWT, RFC 7519: "sub", "iat", "exp"); nothing where
/// it is no such token or has no end. The signature is not looked at: that is the API server's
/// work, and all that is decided by the claims is when to ask for a new token. Pure; any thread.
[[nodiscard]] std::optional<TokenClaims> readTokenClaims(std::string_view token);

}  // namespace kms_secretd::kube

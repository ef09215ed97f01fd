// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What Kubernetes' own types of Secrets demand.
namespace kms_secretd::core {

inline constexpr char const* tlsType = "kubernetes.io/tls";
inline constexpr char const* dockerConfigType = "kubernetes.io/dockerconfigjson";
inline constexpr char const* basicAuthType = "kubernetes.io/basic-auth";
inline constexpr char const* sshAuthType = "kubernetes.io/ssh-auth";

/// The keys that the API server demands of a Secret of that type; of each group one suffices.
[[nodiscard]] std::vector<std::vector<std::string>> requiredKeys(std::string_view type);

/// The keys that a builder makes for that type; none if there is no builder for it.
[[nodiscard]] std::vector<std::string> builtKeys(std::string_view type);

/// True for the types of which Kubernetes makes, or takes, credentials for itself.
[[nodiscard]] bool mintsTokens(std::string_view type) noexcept;

}  // namespace kms_secretd::core

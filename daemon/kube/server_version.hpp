// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/kube_failure.hpp"

namespace kms_secretd::kube {

/// What GET /version says.
struct ServerVersion {
  int major = 0;             ///< 0 = it does not say, as unofficial builds do
  int minor = 0;             ///< vendors write "20+": the plus is dropped
  std::string gitVersion{};  ///< e.g. "v1.20.2" or "v1.28.3-aliyun.1"
  std::string date{};        ///< the reply's Date field, or empty

  [[nodiscard]] bool known() const noexcept { return major != 0; }
  /// "v1.20.2", fit to be shown.
  [[nodiscard]] std::string text() const;
};

/// Reads the reply of GET /version; nothing where it is not one.
[[nodiscard]] std::optional<ServerVersion> parseServerVersion(std::string_view json);

/// A failure that names cluster, server and version where it is older than 1.20: server-side apply
/// with preconditions was proven from there on. A version that is not known is taken.
[[nodiscard]] std::optional<core::KubeFailure> tooOld(ServerVersion const& version,
                                                      std::string const& cluster,
                                                      std::string const& server);

}  // namespace kms_secretd::kube

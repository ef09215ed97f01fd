// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/transport.hpp>

namespace kms_secretd::kube {

/// The Secrets that one watch follows.
struct WatchScope {
  std::string namespaceName{};
  std::string labelSelector{};  ///< empty = all Secrets of the namespace
};

/// One page of the metadata of a scope's Secrets, 500 at most; `continueToken` is empty for the
/// first. Pure, as all here; any thread.
[[nodiscard]] sdk::HttpRequest listRequest(WatchScope const& scope,
                                           std::string const& continueToken);

/// A watch of the metadata of a scope's Secrets from `resourceVersion` on, with bookmarks, which
/// the server ends after `lifetime`.
[[nodiscard]] sdk::HttpRequest watchRequest(WatchScope const& scope,
                                            std::string const& resourceVersion,
                                            sdk::Milliseconds lifetime);

}  // namespace kms_secretd::kube

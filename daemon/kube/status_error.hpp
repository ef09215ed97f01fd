// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>
#include <kms-secretd/transport.hpp>

#include "apply/kube_api.hpp"
#include "core/kube_failure.hpp"
#include "kube/status.hpp"

namespace kms_secretd::kube {

/// What a request asked for: for messages and remedies.
struct Asked {
  std::string verb{};  ///< as RBAC names it: get, patch, delete, create, list, watch
  std::string resource = "secrets";
  std::string namespaceName{};  ///< empty = of no namespace
  std::string name{};           ///< empty = no single object

  /// "secrets payments/db".
  [[nodiscard]] std::string object() const;
};

/// Tells whether a text of the server must not be shown (it repeats a value that was sent).
using Hidden = std::function<bool(std::string_view)>;

/// How a reply that is no success is read.
struct ReplyContext {
  Asked const& asked;
  sdk::WallTime now{};  ///< for a Retry-After that is a date
  Hidden hidden{};      ///< optional
};

/// Turns a reply that is no success (metav1.Status, or whatever else came) into a failure with a
/// kind, a sentence and a remedy. Texts of the server are cut to 300 characters, stripped of
/// control characters, and left out where `hidden` says so. Pure; any thread.
[[nodiscard]] core::KubeFailure failureOf(sdk::HttpResponse const& response,
                                          ReplyContext const& context);

/// As above, of a Status that came in an event of a watch.
[[nodiscard]] core::KubeFailure failureOf(Status const& status, ReplyContext const& context);

/// Turns a failure of the transport into one of the API.
[[nodiscard]] core::KubeFailure failureOf(sdk::Failure const& failure, Asked const& asked,
                                          apply::KubeCall const& call);

/// A reply of the right status whose body is not what was asked for.
[[nodiscard]] core::KubeFailure unreadable(int status, Asked const& asked);

}  // namespace kms_secretd::kube

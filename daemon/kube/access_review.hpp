// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/transport.hpp>

namespace kms_secretd::kube {

/// One thing that somebody may do or not, as RBAC names it.
struct Right {
  std::string verb{};
  std::string group{};     ///< empty = the core group
  std::string resource{};  ///< with its subresource: "serviceaccounts/token"
  std::string namespaceName{};
  std::string name{};  ///< empty = any

  /// "create serviceaccounts/token payments/db".
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(Right const&, Right const&) = default;
};

/// Every right that the Roles in `manifests` (as rbacRules() writes them) give, in their order.
/// What has no names gives the right for any name. Pure; any thread, as all here.
[[nodiscard]] std::vector<Right> rightsIn(std::string const& manifests);

/// What the API server answered to the question whether we have a right.
struct Access {
  bool allowed = false;
  std::string reason{};  ///< as the server says it; may be empty
};

/// A SelfSubjectAccessReview (authorization.k8s.io/v1).
[[nodiscard]] sdk::HttpRequest accessReviewRequest(Right const& right);
/// Reads its reply; nothing where it is not one.
[[nodiscard]] std::optional<Access> parseAccessReview(std::string_view json);

}  // namespace kms_secretd::kube

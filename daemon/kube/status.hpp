// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "core/kube_failure.hpp"

namespace kms_secretd::kube {

/// One of details.causes.
struct StatusCause {
  std::string reason{};
  std::string message{};
  std::string field{};
};

/// A metav1.Status, as the server sent it: nothing in it is fit to be shown yet.
struct Status {
  int code = 0;
  std::string reason{};
  std::string message{};
  std::string kind{};  ///< details.kind: what was not found, what conflicted
  std::vector<StatusCause> causes{};
  sdk::Milliseconds retryAfter{0};  ///< details.retryAfterSeconds

  /// True if one of the causes has that reason.
  [[nodiscard]] bool hasCause(std::string_view causeReason) const;
  /// Managers and fields of the causes FieldManagerConflict.
  [[nodiscard]] std::vector<core::Conflict> conflicts() const;
};

/// Reads a Status; nothing where the text is not one. At most 100 causes are kept. Pure.
[[nodiscard]] std::optional<Status> parseStatus(std::string_view json);

}  // namespace kms_secretd::kube

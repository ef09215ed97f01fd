// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/definition.hpp"
#include "core/names.hpp"

namespace kms_secretd::core {

/// True if `text` has the form of `glob`, in which `*` stands for any characters and `?` for one.
[[nodiscard]] bool globMatches(std::string_view glob, std::string_view text) noexcept;

/// What one field may be: one of `include` (empty = anything), and none of `exclude`.
struct GlobList {
  std::vector<std::string> include{};
  std::vector<std::string> exclude{};

  [[nodiscard]] bool admits(std::string_view text) const noexcept;
};

/// One [[policy]]: what the stores that it speaks of may feed. Others are not its business.
struct FeedPolicy {
  GlobList stores{};
  GlobList clusters{};
  GlobList namespaces{};
  GlobList names{};  ///< of Secrets
  GlobList types{};  ///< of Secrets
  Origin origin{};
};

/// Why a target must not be fed.
struct FeedRefusal {
  std::string what{};  ///< "store 'prod' may not feed namespace 'test'"
  Origin policy{};     ///< the policy that says so
};

/// The first refusal of a target by the policies, each of which must agree; nothing = it may be
/// fed. Pure; any thread.
[[nodiscard]] std::optional<FeedRefusal> whyNotFed(std::vector<FeedPolicy> const& policies,
                                                   TargetDefinition const& target);

}  // namespace kms_secretd::core

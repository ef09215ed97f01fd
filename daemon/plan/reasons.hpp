// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "core/plan.hpp"

namespace kms_secretd::plan {

/// What a reason means to an admin: the source of messages and of docs/rules.md.
struct ReasonText {
  core::PlanReason reason;
  char const* meaning;  ///< one sentence without the target's name
  char const* remedy;   ///< what to do; empty where nothing needs to be done
};

/// Every reason once, in the order of the enum.
[[nodiscard]] std::span<ReasonText const> reasonTexts() noexcept;

/// The text of one reason.
[[nodiscard]] ReasonText const& textOf(core::PlanReason reason) noexcept;

}  // namespace kms_secretd::plan

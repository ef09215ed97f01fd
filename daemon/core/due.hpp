// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <kms-secretd/clock.hpp>

#include "core/definition.hpp"
#include "core/record.hpp"

namespace kms_secretd::core {

/// Why a round happens, in the order of urgency (rules 4).
enum class DueReason { never_seen, changed, forced, drifted, refresh };

/// The stable name of a reason for logs and status; never null.
[[nodiscard]] char const* nameOf(DueReason reason) noexcept;

/// One round to run: the schedule hands it to a worker.
struct Due {
  std::shared_ptr<TargetDefinition const> definition{};  ///< shared: may outlive a reload
  DueReason reason = DueReason::refresh;
  AppliedRecord record{};
  bool mayForce = false;   ///< a heal may be forced now (rules 3)
  std::string approved{};  ///< the held change that somebody approved since the last good round
};

}  // namespace kms_secretd::core

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace kms_secretd::core {

/// A short name, eight hex digits, for a change that goes no further than `what` says: who approves
/// it has approved this change and no other. Equal on every node and after a restart; hangs on
/// names only, never on a value. Pure; any thread.
[[nodiscard]] std::string approvalOf(std::vector<std::string> const& what);

}  // namespace kms_secretd::core

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

// Where a crash is what could go wrong, the work is done in a child.

namespace kms_secretd::backends {

/// Runs `work` in a forked child and returns what it returned, or "died of signal N". A child that
/// does not end is killed after a minute.
[[nodiscard]] std::string inChild(std::function<std::string()> const& work);

}  // namespace kms_secretd::backends

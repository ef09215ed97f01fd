// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::report {

/// A moment as people of this host write it: "2026-11-24 02:13:05".
[[nodiscard]] std::string clockTime(sdk::WallTime time);

}  // namespace kms_secretd::report

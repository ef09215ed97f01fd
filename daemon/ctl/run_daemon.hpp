// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace kms_secretd::ctl {

/// Runs the daemon's own program with `arguments`, its output going where ours goes: what checks a
/// configuration is what will load it. Its exit code; exitNotWell, said on stderr, where it cannot
/// be run or died.
[[nodiscard]] int runDaemon(std::string const& program, std::vector<std::string> const& arguments);

}  // namespace kms_secretd::ctl

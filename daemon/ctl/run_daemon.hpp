// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace kms_secretd::ctl {

/// Runs the daemon's own program with `arguments`, its output going where ours goes: what checks a
/// configuration is what will load it. Its exit code; exitNotWell, said on stderr, where it cannot
/// be run or died.
[[nodiscard]] int runDaemon(std::string const& program, std::vector<std::string> const& arguments);

/// What a run of the daemon's program left.
struct DaemonRun {
  int code = 0;
  std::string output{};  ///< its standard output
};

/// As runDaemon(), with its standard output kept instead of shown.
[[nodiscard]] DaemonRun captureDaemon(std::string const& program,
                                      std::vector<std::string> const& arguments);

}  // namespace kms_secretd::ctl

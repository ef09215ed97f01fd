// SPDX-License-Identifier: Apache-2.0
#pragma once

// The exit codes of kms-secretctl(1): an interface, they never change.
namespace kms_secretd::ctl {

inline constexpr int exitGood = 0;         ///< done, and all is well
inline constexpr int exitNotWell = 1;      ///< done, and something is not well, or refused
inline constexpr int exitUsage = 2;        ///< the command line makes no sense
inline constexpr int exitUnreachable = 3;  ///< the daemon cannot be asked

}  // namespace kms_secretd::ctl

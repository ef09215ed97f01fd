// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace kms_secretd::ctl {

/// Writes a file whole, readable for its owner only, which is the daemon's user where we are root
/// and there is one. Throws std::runtime_error with what to do.
void writeForDaemon(std::string const& path, std::string_view content);

}  // namespace kms_secretd::ctl

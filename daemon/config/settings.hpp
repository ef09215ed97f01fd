// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/problem.hpp"
#include "config/section.hpp"
#include "core/config.hpp"

namespace kms_secretd::config {

/// The section of the settings: the top of the file and its fixed tables.
[[nodiscard]] Section settingsSection();

/// Adds the settings of one more file to `all`; the same key in both is an error that names both
/// places.
void mergeSettings(CheckedTable& all, CheckedTable const& file, Findings& findings);

/// Defaults, required keys and bounds of the settings of all files. `partial`: a file could not be
/// read, so a missing key proves nothing.
void finishSettings(CheckedTable& all, bool partial, Findings& findings);

/// Tells of a text at `path` within the table that `faultOf` finds fault with.
void checkText(CheckedTable const& table, std::string const& path,
               std::optional<std::string> (*faultOf)(std::string_view), Findings& findings);

/// The part of the configuration that the settings hold. Only for finished settings without errors.
[[nodiscard]] core::Config configFrom(CheckedTable const& settings);

}  // namespace kms_secretd::config

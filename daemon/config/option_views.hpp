// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/options.hpp>

namespace kms_secretd::config {

/// The text of `name`, not copied; null where it was not given. Valid as long as `options` is and
/// is not changed.
[[nodiscard]] std::string const* findText(sdk::Options const& options, std::string_view name);

/// The tables of `name`, not copied; none where it was not given. Valid likewise.
[[nodiscard]] std::vector<sdk::Options> const& tablesOf(sdk::Options const& options,
                                                        std::string_view name);

/// The table of `name`, not copied; empty where it was not given. Valid likewise.
[[nodiscard]] sdk::Options const& tableOf(sdk::Options const& options, std::string_view name);

}  // namespace kms_secretd::config

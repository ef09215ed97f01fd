// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include <kms-secretd/options.hpp>

namespace kms_secretd::config {

using Declarations = std::span<sdk::OptionDeclaration const>;

/// The daemon's own options. A table without members holds text under names of the user's choice.
[[nodiscard]] Declarations settingsOptions() noexcept;  ///< top level, [polling], [kubernetes], ...
[[nodiscard]] Declarations storeOptions() noexcept;     ///< [store.<name>], beside the backend's
[[nodiscard]] Declarations clusterOptions() noexcept;   ///< [cluster.<name>] and [kubernetes]
[[nodiscard]] Declarations policyOptions() noexcept;    ///< [[policy]]
[[nodiscard]] Declarations defaultsOptions() noexcept;  ///< [defaults]
[[nodiscard]] Declarations secretOptions() noexcept;    ///< [[secret]]

/// The tables that have a reader of their own: store, cluster, policy, defaults, secret.
[[nodiscard]] std::vector<std::string> const& tablesReadApart();

/// The declaration of `name`, or null.
[[nodiscard]] sdk::OptionDeclaration const* findDeclaration(Declarations declarations,
                                                            std::string_view name) noexcept;

/// The nested declarations of a table or list of tables.
[[nodiscard]] Declarations membersOf(sdk::OptionDeclaration const& declaration) noexcept;

/// True for a table whose keys the user chooses, like `labels`.
[[nodiscard]] bool isFreeTable(sdk::OptionDeclaration const& declaration) noexcept;

}  // namespace kms_secretd::config

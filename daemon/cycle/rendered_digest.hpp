// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/definition.hpp"
#include "core/record.hpp"
#include "core/rendered.hpp"

namespace kms_secretd::cycle {

/// The digest of everything that an apply would write for `rendered`: type, labels, annotations,
/// immutability, keys and values. Equal digests mean an equal write.
[[nodiscard]] core::Digest digestOf(
    core::TargetDefinition const& definition, core::Rendered const& rendered,
    std::function<core::Digest(std::span<std::string_view const>)> const& digest);

/// What to remember of each key of `rendered`, in its order: the name and a print that differs
/// where the value does. Prints of two keys say nothing of each other, even where the values are
/// equal.
[[nodiscard]] std::vector<core::AppliedKey> printsOf(
    core::Rendered const& rendered,
    std::function<core::Digest(std::span<std::string_view const>)> const& digest);

}  // namespace kms_secretd::cycle

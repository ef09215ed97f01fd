// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "core/definition.hpp"
#include "core/record.hpp"
#include "core/rendered.hpp"

namespace kms_secretd::cycle {

/// The digest of everything that an apply would write for `rendered`: type, labels, annotations,
/// immutability, keys and values. Equal digests mean an equal write.
[[nodiscard]] core::Digest digestOf(
    core::TargetDefinition const& definition, core::Rendered const& rendered,
    std::function<core::Digest(std::span<std::string_view const>)> const& digest);

}  // namespace kms_secretd::cycle

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/definition.hpp"
#include "core/fetched.hpp"
#include "core/rendered.hpp"

namespace kms_secretd::transform {

/// Makes the data of the Secret from what was read: every entry of the definition becomes one key
/// with the value's bytes as they are. Pure. The digest is left to the caller, who holds the key.
/// Fails where two entries make the same key or a read is missing (a bug of the caller).
[[nodiscard]] core::RenderResult render(core::TargetDefinition const& definition,
                                        core::Fetched const& fetched);

}  // namespace kms_secretd::transform

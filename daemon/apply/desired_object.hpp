// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apply/perform.hpp"

namespace kms_secretd::apply {

/// The apply that declares everything the definition wants, without preconditions and without
/// force. `data` refers to `performance.rendered`. A merge declares no type and no label of ours.
[[nodiscard]] ApplyRequest desiredObject(Performance const& performance);

/// The names of the data keys of `request`.
[[nodiscard]] std::vector<std::string> keysOf(ApplyRequest const& request);

}  // namespace kms_secretd::apply

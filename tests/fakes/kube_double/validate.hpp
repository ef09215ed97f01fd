// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "fakes/kube_double/object.hpp"
#include "fakes/kube_double/status.hpp"

namespace kms_secretd::fakes::kube {

/// What the server's validation says against `next`, which replaces `live` (or nothing).
[[nodiscard]] std::vector<Cause> validate(Secret const& next, std::optional<Secret> const& live);

}  // namespace kms_secretd::fakes::kube

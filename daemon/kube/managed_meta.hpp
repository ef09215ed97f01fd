// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apply/kube_api.hpp"
#include "core/observed.hpp"

namespace kms_secretd::kube {

/// An object's metadata, and what its managedFields become once keys are released.
struct Released {
  core::Observed before{};
  std::optional<std::string> managedFields{};  ///< JSON; nothing = there was nothing to release
};

/// Reads a PartialObjectMetadata reply and releases the keys of `change` in it; nothing where it
/// is not one. Unknown members of the entries are kept as they are. Pure; any thread.
[[nodiscard]] std::optional<Released> releasedManagedFields(std::string_view json,
                                                            apply::KeyChange const& change);

}  // namespace kms_secretd::kube

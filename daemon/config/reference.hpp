// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/catalog.hpp"

namespace kms_secretd::config {

/// docs/configuration.md: every option of the daemon and of the given backends, as declared.
[[nodiscard]] std::string referenceText(std::vector<BackendDescription> const& backends);

}  // namespace kms_secretd::config

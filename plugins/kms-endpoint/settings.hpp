// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/options.hpp>

#include "alicloud/store_options.hpp"

namespace kms_secretd::kms_endpoint {

/// Reads a store's options (validated against the declarations by the host) and the CA file. Throws
/// sdk::OptionError naming the option and the remedy.
[[nodiscard]] alicloud::GatewaySettings readSettings(sdk::Options const& options);

}  // namespace kms_secretd::kms_endpoint

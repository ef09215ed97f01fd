// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/host.hpp>
#include <kms-secretd/options.hpp>

#include "alicloud/store_options.hpp"
#include "kms-instance-endpoint/client_key_provider.hpp"

namespace kms_secretd::kms_instance_endpoint {

/// A store's options, read and checked.
struct Settings {
  alicloud::GatewaySettings gateway{};  ///< without a CA only for a custom endpoint
  bool presentClientCertificate = false;
};

/// Reads the options (validated against the declarations by the host) and the CA file. Throws
/// sdk::OptionError naming the option and the remedy.
[[nodiscard]] Settings readSettings(sdk::Options const& options);

/// Opens the sources of the client key, but reads none. Throws sdk::OptionError unless exactly one
/// of the two ways is given, whole.
[[nodiscard]] ClientKeySources openKeySources(sdk::Options const& options, sdk::Host& host);

}  // namespace kms_secretd::kms_instance_endpoint

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/options.hpp>
#include <kms-secretd/transport.hpp>

#include "alicloud/endpoint.hpp"

namespace kms_secretd::kms_endpoint {

/// A store's options, read and checked.
struct Settings {
  alicloud::Endpoint endpoint{};
  std::string caPem{};  ///< content of ca_file; empty = the system's roots
  std::string proxy{};
  sdk::Milliseconds connectTimeout{};
  sdk::Milliseconds requestTimeout{};
};

/// Reads the options (validated against the declarations by the host) and the CA file. Throws
/// sdk::OptionError naming the option and the remedy.
[[nodiscard]] Settings readSettings(sdk::Options const& options);

/// The transport that the settings ask for.
[[nodiscard]] sdk::TransportSpec transportSpec(Settings const& settings);

}  // namespace kms_secretd::kms_endpoint

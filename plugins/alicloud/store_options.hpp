// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/options.hpp>
#include <kms-secretd/transport.hpp>

#include "alicloud/endpoint.hpp"

// Options that the stores of every Alibaba backend share.

namespace kms_secretd::alicloud {

/// The content of the PEM file at `path`, the option `option`; empty for an empty path. Throws
/// sdk::OptionError(option) if it cannot be read, is larger than 1 MiB or holds no certificate.
[[nodiscard]] std::string readCaFile(std::string const& path,
                                     std::string const& option = "ca_file");

/// The option `proxy` without its trailing slash; empty if it is. Throws sdk::OptionError("proxy"),
/// which does not show it.
[[nodiscard]] std::string readProxy(std::string const& proxy);

/// The duration `name`. Throws sdk::OptionError(name) if it is not longer than 0.
[[nodiscard]] sdk::Milliseconds readTimeout(sdk::Options const& options, char const* name);

/// The endpoint of the option `instance_id`. Throws sdk::OptionError("instance_id").
[[nodiscard]] Endpoint instanceEndpointOf(std::string const& id);

/// The gateways of instances have certificates of a private CA: without `caPem` no handshake with
/// one could succeed. Throws sdk::OptionError("ca_file") saying where to get it.
void requireInstanceCa(Endpoint const& endpoint, std::string const& caPem);

/// How a gateway of KMS is reached, whatever is said there.
struct GatewaySettings {
  Endpoint endpoint{};
  std::string caPem{};  ///< content of ca_file; empty = the system's roots
  std::string proxy{};
  sdk::Milliseconds connectTimeout{};
  sdk::Milliseconds requestTimeout{};
};

/// Reads ca_file, proxy, connect_timeout and request_timeout (validated against the declarations by
/// the host). Throws sdk::OptionError naming the option and the remedy.
[[nodiscard]] GatewaySettings readGateway(sdk::Options const& options, Endpoint endpoint);

/// The transport that the settings ask for, without a client certificate.
[[nodiscard]] sdk::TransportSpec transportSpec(GatewaySettings const& settings);

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/clock.hpp>

#include "app/leadership.hpp"
#include "backends/plugin_registry.hpp"
#include "platform/keyed_digest.hpp"
#include "platform/transport_factory.hpp"

namespace kms_secretd::app {

/// What every world is built on; made once per process, outlives all worlds.
struct Foundation {
  sdk::Clock const& clock;
  platform::TransportFactory& transports;
  platform::KeyedDigest const& digest;
  backends::PluginRegistry& plugins;
  std::string userAgent{};
  /// For the API servers: only each request's own cancellation ends its waits, for a create that
  /// follows a delete, and giving up the Leases, go on when the process stops.
  platform::TransportFactory& leaseTransports;
  ProcessIdentity identity{};
  std::string stateDirectory{};  ///< where the daemon may write; a token in it is its own to renew
};

}  // namespace kms_secretd::app

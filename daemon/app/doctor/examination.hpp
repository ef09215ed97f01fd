// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>

#include "app/doctor/finding.hpp"
#include "backends/plugin_registry.hpp"
#include "core/config.hpp"
#include "platform/stop.hpp"
#include "platform/transport_factory.hpp"

namespace kms_secretd::app::doctor {

/// What an examination works with; all of it outlives it.
struct Tools {
  sdk::Clock const& clock;
  platform::StopSignal const& stop;
  platform::TransportFactory& transports;
  backends::PluginRegistry& plugins;
  std::string userAgent{};
};

/// What is examined.
struct Patient {
  std::string configFile{};
  core::Config const& config;
  std::map<std::string, std::string> rbac{};  ///< the manifests of its rights, by cluster
  std::string socket{};                       ///< where its daemon listens, if one runs
};

/// Looks at everything that the daemon of `patient` stands on: files, peers, identities, rights,
/// the API server, this host. Nothing is written anywhere. Takes as long as silent peers take to
/// run into their deadlines, and ends early when `stop` is requested. Main thread.
void examine(Patient const& patient, Tools const& tools, Findings& findings);

}  // namespace kms_secretd::app::doctor

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/arguments.hpp"
#include "app/control_plane.hpp"
#include "app/engine.hpp"
#include "app/world.hpp"
#include "backends/plugin_registry.hpp"
#include "platform/clock.hpp"
#include "platform/keyed_digest.hpp"
#include "platform/signals.hpp"
#include "platform/stop.hpp"
#include "platform/transport_factory.hpp"
#include "report/log.hpp"

namespace kms_secretd::app {

/// The process: builds what everything stands on, in order, and undoes it in reverse. Main thread.
class Daemon {
 public:
  /// Throws where the process cannot be set up at all (cannot start).
  explicit Daemon(Arguments arguments);
  ~Daemon();

  /// Does what the arguments say; the exit code of the process.
  int run();

 private:
  int checkConfig();
  int checkOnline(World& world);
  int printRbac();
  int render();
  int doctor();
  int plan();
  int runOnce();
  int runForever();
  [[nodiscard]] core::Config loadConfig();
  [[nodiscard]] static std::map<std::string, std::string> rbacOf(core::Config const& config);
  [[nodiscard]] std::shared_ptr<World> buildWorld(core::Config config,
                                                  World const* before = nullptr);
  [[nodiscard]] std::shared_ptr<World> tryReload(World const& inForce);
  void sayProblems(std::vector<std::string> const& problems, report::EventId event);
  [[nodiscard]] Surroundings surroundings();

  Arguments arguments_;
  platform::SignalDescriptor signals_;
  platform::SystemClock clock_;
  platform::StopSignal stop_;
  platform::ServiceManager service_;
  std::unique_ptr<report::LogSink> sink_;
  report::Reporter reporter_;
  platform::KeyedDigest digest_;
  backends::PluginRegistry plugins_;
  platform::TransportFactory transports_;
  ControlPlane control_;
  platform::StopSignal never_;  // the Lease is given up after everything else has ended
  platform::TransportFactory leaseTransports_;
  ProcessIdentity identity_ = drawIdentity();
};

}  // namespace kms_secretd::app

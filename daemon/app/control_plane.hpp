// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <kms-secretd/clock.hpp>

#include "control/desk.hpp"
#include "control/server.hpp"
#include "core/config.hpp"

namespace kms_secretd::app {

/// The control server as the configuration wants it, and the desk where it asks the main loop. Main
/// thread.
class ControlPlane {
 public:
  /// `clock` outlives it. `runtimeDirectory`: where systemd lets us put the socket, or empty.
  ControlPlane(sdk::Clock const& clock, std::string runtimeDirectory)
      : clock_(clock), runtimeDirectory_(std::move(runtimeDirectory)) {}
  ~ControlPlane();

  /// Listens where `config` says; what stays the same stays open. Why it cannot, or nothing: a
  /// daemon that nobody can ask still keeps Secrets.
  [[nodiscard]] std::optional<std::string> open(core::Config const& config);
  /// Ends the server; returns within a second.
  void close();
  /// Readable while questions wait.
  [[nodiscard]] int wakeFd() const noexcept { return desk_->wakeFd(); }
  /// Answers what waits.
  void serve(control::Answerer& answerer) { desk_->serve(answerer); }

 private:
  sdk::Clock const& clock_;
  std::string runtimeDirectory_;
  control::ServerSettings settings_{};
  std::unique_ptr<control::Desk> desk_ = std::make_unique<control::Desk>();
  std::unique_ptr<control::Server> server_{};
};

/// Where to listen: as configured, else in systemd's runtime directory, else not. Pure.
[[nodiscard]] control::ServerSettings controlSettings(core::Config const& config,
                                                      std::string const& runtimeDirectory);

}  // namespace kms_secretd::app

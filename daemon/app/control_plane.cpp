// SPDX-License-Identifier: Apache-2.0
#include "app/control_plane.hpp"

#include <system_error>
#include <utility>

namespace kms_secretd::app {

control::ServerSettings controlSettings(core::Config const& config,
                                        std::string const& runtimeDirectory) {
  control::ServerSettings settings{.socket = config.controlSocket,
                                   .metricsListen = config.metricsListen};
  if (settings.socket.empty() && !runtimeDirectory.empty()) {
    settings.socket = runtimeDirectory + "/control.sock";
  }
  return settings;
}

ControlPlane::~ControlPlane() { close(); }

std::optional<std::string> ControlPlane::open(core::Config const& config) {
  auto settings = controlSettings(config, runtimeDirectory_);
  if (server_ && settings == settings_) return std::nullopt;
  close();
  desk_ = std::make_unique<control::Desk>();
  settings_ = std::move(settings);
  try {
    server_ = std::make_unique<control::Server>(settings_, *desk_, clock_);
  } catch (control::ListenError const& error) {
    return error.what();
  } catch (std::system_error const& error) {
    return error.what();
  }
  return std::nullopt;
}

// The desk first: the server's thread may be waiting there for this very thread.
void ControlPlane::close() {
  desk_->close();
  server_.reset();
}

}  // namespace kms_secretd::app

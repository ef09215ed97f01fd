// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/host.hpp>
#include <kms-secretd/options.hpp>

#include "backends/plugin_library.hpp"

namespace kms_secretd::backends {

/// One store's backend: the plugin's object together with the library that holds its code. What the
/// plugin answers goes through guardResult. fetch() from at most plugin().maxParallel() threads at
/// once; destroyed when none is in it.
class BackendInstance final : public sdk::Backend {
 public:
  /// Lets the plugin make a backend. `options` are validated and complete, `host` outlives the
  /// instance. Throws PluginError: the plugin's own sentence and the option at fault.
  BackendInstance(std::shared_ptr<PluginLibrary const> library, sdk::Options const& options,
                  sdk::Host& host);
  ~BackendInstance() override = default;
  BackendInstance(BackendInstance const&) = delete;
  BackendInstance& operator=(BackendInstance const&) = delete;

  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& request) noexcept override;
  /// Plugins of SDK 1.0 have no probe(); for them the report says so.
  sdk::Result<sdk::ProbeReport> probe(sdk::ProbeRequest const& request) noexcept override;
  /// Plugins before SDK 1.2 have no lookAtCredentials(); for them nothing is ever new.
  bool lookAtCredentials() noexcept override;
  [[nodiscard]] PluginLibrary const& plugin() const noexcept { return *library_; }

 private:
  /// Gives the object back to the library that made it.
  struct Destroy {
    PluginLibrary const* library = nullptr;
    void operator()(sdk::Backend* backend) const noexcept;
  };

  std::shared_ptr<PluginLibrary const> library_;  ///< before backend_: the code outlives the object
  std::unique_ptr<sdk::Backend, Destroy> backend_;
};

}  // namespace kms_secretd::backends

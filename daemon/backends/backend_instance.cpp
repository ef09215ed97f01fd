// SPDX-License-Identifier: Apache-2.0
#include "backends/backend_instance.hpp"

#include <cassert>
#include <exception>
#include <string>
#include <utility>

#include "backends/printable.hpp"
#include "backends/result_guard.hpp"

namespace kms_secretd::backends {

namespace {

/// A plugin that does not use createBackend() may throw; nothing is unloaded, so that even an
/// exception of its own type is caught safely here. An object that it announced before is left
/// alone: whether it still lives is not known.
void callCreate(PluginLibrary const& library, sdk::Options const& options, sdk::Host& host,
                sdk::CreateOutcome& outcome) noexcept {
  try {
    library.descriptor().create(options, host, outcome);
  } catch (std::exception const& error) {
    outcome = {.message = error.what()};
  } catch (...) {
    outcome = {.message = "the plugin failed with an unknown exception"};
  }
}

sdk::Backend* created(PluginLibrary const& library, sdk::Options const& options, sdk::Host& host) {
  sdk::CreateOutcome outcome;
  callCreate(library, options, host, outcome);
  if (outcome.backend != nullptr) return outcome.backend;
  auto reason = printable(outcome.message, maxMessageBytes);
  if (reason.empty()) reason = "it gave no reason";
  throw PluginError("backend \"" + library.name() + "\" cannot be made: " + reason,
                    printable(outcome.option, maxIdBytes));
}

}  // namespace

void BackendInstance::Destroy::operator()(sdk::Backend* backend) const noexcept {
  try {
    library->descriptor().destroy(backend);
  } catch (...) {
    // The object is gone either way, and a reload must not end the daemon for it.
  }
}

BackendInstance::BackendInstance(std::shared_ptr<PluginLibrary const> library,
                                 sdk::Options const& options, sdk::Host& host)
    : library_(std::move(library)),
      backend_(created(*library_, options, host), Destroy{library_.get()}) {}

sdk::Result<sdk::FetchedSecret> BackendInstance::fetch(sdk::FetchRequest const& request) noexcept {
  return sdk::guarded([&] { return guardResult(backend_->fetch(request), request.name); });
}

sdk::Result<sdk::ProbeReport> BackendInstance::probe(sdk::ProbeRequest const& request) noexcept {
  if (library_->descriptor().minor < 1) {
    return sdk::ProbeReport{.note = "the plugin is older than this check"};
  }
  return sdk::guarded([&] { return guardReport(backend_->probe(request), request); });
}

bool BackendInstance::lookAtCredentials() noexcept {
  return library_->descriptor().minor >= 2 && backend_->lookAtCredentials();
}

}  // namespace kms_secretd::backends

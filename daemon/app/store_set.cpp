// SPDX-License-Identifier: Apache-2.0
#include "app/store_set.hpp"

#include "app/world_error.hpp"
#include "backends/plugin_error.hpp"
#include "platform/process_hardening.hpp"

namespace kms_secretd::app {

StoreSet::StoreSet(core::Config const& config, backends::PluginRegistry& plugins,
                   HostOf const& hostOf, Notices& notices) {
  std::vector<std::string> problems;
  for (auto const& [name, store] : config.stores) {
    try {
      auto own = std::make_unique<StoreHost>(name, hostOf(store), notices);
      auto backend = std::make_unique<backends::BackendInstance>(plugins.load(store.backend),
                                                                 store.options, *own);
      stores_.emplace(
          name,
          Store{.host = std::move(own), .backend = std::move(backend), .timeout = store.timeout});
    } catch (backends::PluginError const& error) {
      problems.push_back(store.originOf(error.option()).text() + ": store " + name + ": " +
                         error.what());
    }
  }
  if (!problems.empty()) throw WorldError(std::move(problems));
}

std::map<std::string, fetch::StoreAccess> StoreSet::access() const {
  std::map<std::string, fetch::StoreAccess> access;
  for (auto const& [name, store] : stores_) {
    access[name] = {.backend = store.backend.get(), .timeout = store.timeout};
  }
  return access;
}

std::map<std::string, CredentialEnd> StoreSet::credentialEnds() const {
  std::map<std::string, CredentialEnd> ends;
  for (auto const& [name, store] : stores_) {
    if (auto end = store.host->credentialEnd()) ends.emplace(name, std::move(*end));
  }
  return ends;
}

std::map<std::string, std::string> StoreSet::identities() const {
  std::map<std::string, std::string> identities;
  for (auto const& [name, store] : stores_) {
    if (auto identity = store.host->identity(); !identity.empty()) {
      identities.emplace(name, std::move(identity));
    }
  }
  return identities;
}

std::vector<std::string> StoreSet::lookAtCredentials() const {
  std::vector<std::string> renewed;
  for (auto const& [name, store] : stores_) {
    if (store.backend->lookAtCredentials()) renewed.push_back(name);
  }
  platform::scrubStack();  // a key was perhaps decoded there
  return renewed;
}

std::map<std::string, std::uint32_t> StoreSet::maxParallel() const {
  std::map<std::string, std::uint32_t> declared;
  for (auto const& [name, store] : stores_) {
    declared[name] = store.backend->plugin().maxParallel();
  }
  return declared;
}

}  // namespace kms_secretd::app

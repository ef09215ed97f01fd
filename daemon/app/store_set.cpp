// SPDX-License-Identifier: Apache-2.0
#include "app/store_set.hpp"

#include "app/world_error.hpp"
#include "backends/plugin_error.hpp"
#include "platform/process_hardening.hpp"

namespace kms_secretd::app {
namespace {

// Rates and deadlines are the daemon's to keep: a backend is not made anew for them.
sdk::Options ofBackend(sdk::Options options) {
  for (auto const* const ours : {"requests_per_second", "timeout"}) {
    options.set(ours, sdk::OptionValue(false));
  }
  return options;
}

}  // namespace

StoreSet::StoreSet(core::Config const& config, backends::PluginRegistry& plugins,
                   HostOf const& hostOf, Notices& notices, StoreSet const* before) {
  std::vector<std::string> problems;
  for (auto const& [name, store] : config.stores) {
    try {
      auto own = before == nullptr ? nullptr : before->same(store);
      if (own == nullptr) own = made(store, plugins, hostOf, notices);
      stores_.emplace(name, Member{.store = std::move(own), .timeout = store.timeout});
    } catch (backends::PluginError const& error) {
      problems.push_back(store.originOf(error.option()).text() + ": store " + name + ": " +
                         error.what());
    }
  }
  if (!problems.empty()) throw WorldError(std::move(problems));
}

std::shared_ptr<StoreSet::Store> StoreSet::made(core::StoreConfig const& store,
                                                backends::PluginRegistry& plugins,
                                                HostOf const& hostOf, Notices& notices) {
  auto files = namedFiles(store.options);
  auto own = std::make_unique<StoreHost>(store.name, hostOf(store), notices);
  auto backend =
      std::make_unique<backends::BackendInstance>(plugins.load(store.backend), store.options, *own);
  return std::make_shared<Store>(Store{.config = store,
                                       .files = std::move(files),
                                       .host = std::move(own),
                                       .backend = std::move(backend)});
}

std::shared_ptr<StoreSet::Store> StoreSet::same(core::StoreConfig const& store) const {
  auto const at = stores_.find(store.name);
  if (at == stores_.end()) return nullptr;
  auto const& ours = at->second.store;
  bool const equal = ours->config.backend == store.backend &&
                     ofBackend(ours->config.options) == ofBackend(store.options) &&
                     ours->config.tokenCluster == store.tokenCluster &&
                     ours->files == namedFiles(store.options);
  return equal ? ours : nullptr;
}

void StoreSet::moveTo(HostOf const& hostOf, Notices& notices) {
  for (auto const& [name, member] : stores_) {
    member.store->host->moveTo(hostOf(member.store->config), notices);
  }
}

std::map<std::string, fetch::StoreAccess> StoreSet::access() const {
  std::map<std::string, fetch::StoreAccess> access;
  for (auto const& [name, member] : stores_) {
    access[name] = {.backend = member.store->backend.get(), .timeout = member.timeout};
  }
  return access;
}

std::map<std::string, CredentialEnd> StoreSet::credentialEnds() const {
  std::map<std::string, CredentialEnd> ends;
  for (auto const& [name, member] : stores_) {
    if (auto end = member.store->host->credentialEnd()) ends.emplace(name, std::move(*end));
  }
  return ends;
}

std::map<std::string, std::string> StoreSet::identities() const {
  std::map<std::string, std::string> identities;
  for (auto const& [name, member] : stores_) {
    if (auto identity = member.store->host->identity(); !identity.empty()) {
      identities.emplace(name, std::move(identity));
    }
  }
  return identities;
}

std::vector<std::string> StoreSet::lookAtCredentials() const {
  std::vector<std::string> renewed;
  for (auto const& [name, member] : stores_) {
    if (member.store->backend->lookAtCredentials()) renewed.push_back(name);
  }
  platform::scrubStack();  // a key was perhaps decoded there
  return renewed;
}

std::map<std::string, std::uint32_t> StoreSet::maxParallel() const {
  std::map<std::string, std::uint32_t> declared;
  for (auto const& [name, member] : stores_) {
    declared[name] = member.store->backend->plugin().maxParallel();
  }
  return declared;
}

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <kms-secretd/host.hpp>

#include "app/named_files.hpp"
#include "app/notices.hpp"
#include "app/store_host.hpp"
#include "backends/backend_instance.hpp"
#include "backends/plugin_registry.hpp"
#include "core/config.hpp"
#include "fetch/fetcher.hpp"

namespace kms_secretd::app {

/// The backends of all configured stores, one object each.
class StoreSet {
 public:
  /// The host that one store talks to.
  using HostOf = std::function<sdk::Host&(core::StoreConfig const&)>;

  /// Throws WorldError with every store that cannot be made, each with its place. Opens no
  /// connection. A store that is the same in `before` (null = there is none) is taken from there
  /// with its connections, logins and what it knows, but goes on with the peers it has until
  /// moveTo(). The hosts and `notices` outlive the set.
  StoreSet(core::Config const& config, backends::PluginRegistry& plugins, HostOf const& hostOf,
           Notices& notices, StoreSet const* before);
  /// This set is in force: stores that were taken from another one talk to these peers.
  void moveTo(HostOf const& hostOf, Notices& notices);

  /// For the fetcher.
  [[nodiscard]] std::map<std::string, fetch::StoreAccess> access() const;
  /// The ends of credentials that backends told, by store. Any thread.
  [[nodiscard]] std::map<std::string, CredentialEnd> credentialEnds() const;
  /// Who the backends said they are, by store; those that said nothing are left out. Any thread.
  [[nodiscard]] std::map<std::string, std::string> identities() const;
  /// Lets every backend look at the sources of its credentials; the stores that have newer ones.
  [[nodiscard]] std::vector<std::string> lookAtCredentials() const;
  /// The parallel calls that each store's plugin declares.
  [[nodiscard]] std::map<std::string, std::uint32_t> maxParallel() const;
  /// The backend of one store, which is configured. Any thread.
  [[nodiscard]] sdk::Backend& backendOf(std::string const& store) const {
    return *stores_.at(store).store->backend;
  }

 private:
  struct Store {
    core::StoreConfig config;
    NamedFiles files;                 // as they were when the backend may have read them
    std::unique_ptr<StoreHost> host;  // before the backend, which talks to it
    std::unique_ptr<backends::BackendInstance> backend;
  };
  struct Member {
    std::shared_ptr<Store> store;  // shared with the set before: its rounds may be under way
    sdk::Milliseconds timeout;
  };
  [[nodiscard]] std::shared_ptr<Store> same(core::StoreConfig const& store) const;
  [[nodiscard]] static std::shared_ptr<Store> made(core::StoreConfig const& store,
                                                   backends::PluginRegistry& plugins,
                                                   HostOf const& hostOf, Notices& notices);

  std::map<std::string, Member> stores_;
};

}  // namespace kms_secretd::app

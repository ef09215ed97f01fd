// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/options.hpp>

#include "core/definition.hpp"
#include "core/feed_policy.hpp"
#include "core/lease.hpp"
#include "core/names.hpp"

namespace kms_secretd::core {

/// One [store.<name>]: a backend with its validated options and what it may be asked for.
struct StoreConfig {
  std::string name{};
  std::string backend{};   ///< plugin name
  sdk::Options options{};  ///< as the plugin declared them, defaults filled in
  double requestsPerSecond = 10;
  sdk::Milliseconds timeout{15'000};  ///< deadline of one fetch
  std::string tokenCluster =
      defaultCluster;  ///< whose ServiceAccount tokens the store may show; configured
  Origin origin{};
  std::map<std::string, Origin> optionOrigins{};  ///< by dotted option path

  /// Where the option was written; else the place of the table that would hold it, the store's own
  /// at last.
  [[nodiscard]] Origin const& originOf(std::string const& option) const;
};

/// watch: a metadata watch tells of drift; poll: one metadata GET in each round.
enum class ObserveMode { watch, poll };

/// One cluster and how to reach it.
struct ClusterConfig {
  std::string name = defaultCluster;
  std::string kubeconfig{};  ///< path
  std::string context{};     ///< empty = the file's current-context
  ObserveMode observe = ObserveMode::watch;
  sdk::Milliseconds timeout{15'000};  ///< deadline of one request
  bool events = true;                 ///< write Kubernetes Events about its Secrets
  std::uint32_t qps = 0;              ///< requests of rounds a second; 0 = as many as there are
  std::uint32_t burst = 0;            ///< of them at once before qps counts; 0 = twice qps
  Origin origin{};
};

/// [high_availability]: one of several daemons works, or this one is alone.
struct HighAvailability {
  bool leader = true;  ///< mode = "leader"; false: "none"
  std::string leaseNamespace = "kube-system";
  sdk::Milliseconds leaseDuration{15'000};
};

/// [deletion]: what concerns Secrets whose definition is gone.
struct DeletionConfig {
  std::string approve{};                  ///< the held deletion that may be carried out
  std::vector<std::string> namespaces{};  ///< to look in besides those of the definitions
};

/// Everything the daemon was told. Immutable after load; the engine never sees TOML.
struct Config {
  std::string instance = "default";
  bool pollingEnabled = true;
  sdk::Milliseconds pollingInterval{120'000};
  bool reloadOnChange = false;  ///< a changed configuration file is a reload
  std::uint32_t workers = 32;   ///< threads; a store or cluster holds at most a quarter of them
  std::vector<std::string> allowedSecretTypes{};  ///< of those that are refused otherwise
  std::string controlSocket{};  ///< path; empty = in systemd's runtime directory, or none
  std::string metricsListen{};  ///< "ADDRESS:PORT"; empty = not on TCP
  std::map<std::string, ClusterConfig> clusters{};  ///< by name; at least one once loaded
  HighAvailability highAvailability{};
  DeletionConfig deletion{};
  std::map<std::string, StoreConfig> stores{};
  std::vector<std::shared_ptr<TargetDefinition const>> targets{};  ///< shared: rounds in flight
                                                                   ///< outlive a reload
  std::vector<FeedPolicy> policies{};  ///< which store may feed what; every one must agree
  std::vector<std::string> warnings{};

  /// What concerns one cluster, which is configured: that cluster, its targets, and all else as
  /// it is.
  [[nodiscard]] Config shareOf(std::string const& cluster) const;
  /// The Lease of this instance's daemons, in each cluster (rules 6).
  [[nodiscard]] LeasePlace leasePlace() const {
    return {.namespaceName = highAvailability.leaseNamespace, .name = "kms-secretd-" + instance};
  }
  /// The field manager of server-side apply: "kms-secretd/<instance>" (rules 1).
  [[nodiscard]] std::string fieldManager() const { return "kms-secretd/" + instance; }
};

}  // namespace kms_secretd::core

// SPDX-License-Identifier: Apache-2.0
#include "app/doctor/examination.hpp"

#include <map>
#include <memory>
#include <string>

#include "app/doctor/cluster.hpp"
#include "app/doctor/doctor_host.hpp"
#include "app/doctor/machine.hpp"
#include "app/doctor/stores.hpp"
#include "app/notices.hpp"
#include "app/plugin_host.hpp"
#include "app/store_set.hpp"
#include "app/world_error.hpp"
#include "kube/kubeconfig.hpp"

namespace kms_secretd::app::doctor {
namespace {

// A whole cluster of Secrets would be thousands of questions.
constexpr std::size_t mostRights = 400;

/// One cluster's API server as the examination reaches it, and what stores get through it.
struct ClusterDesk {
  std::unique_ptr<kube::KubeClient> kube{};  // null: its kubeconfig is of no use
  std::unique_ptr<PluginHost> tokens{};      // null with it
  std::unique_ptr<DoctorHost> host{};        // never null
};

class Examination {
 public:
  Examination(Patient const& patient, Tools const& tools, Findings& findings)
      : patient_(patient), tools_(tools), findings_(findings) {}

  void run() {
    lookAtFiles(filesOf(patient_.configFile, patient_.config), findings_);
    judgeMemory(memoryFacts(patient_.socket), findings_);
    lookAtQuota(patient_.config, findings_);
    for (auto const& [name, cluster] : patient_.config.clusters) openDesk(cluster);
    stores();
    for (auto const& [name, desk] : desks_) {
      if (desk.kube) cluster(name, *desk.kube);
    }
  }

 private:
  void openDesk(core::ClusterConfig const& cluster) {
    auto& desk = desks_[cluster.name];
    openCluster(cluster, desk);
    if (desk.kube) {
      desk.tokens = std::make_unique<PluginHost>(tools_.transports, *desk.kube, tools_.clock,
                                                 tools_.userAgent);
    }
    desk.host = std::make_unique<DoctorHost>(tools_.transports, desk.tokens.get(), tools_.clock,
                                             tools_.userAgent);
  }

  void openCluster(core::ClusterConfig const& cluster, ClusterDesk& desk) {
    auto* const transports = &tools_.transports;
    try {
      desk.kube = kube::openClient(
          cluster, {.open = [transports](auto const& spec) { return transports->open(spec); },
                    .clock = &tools_.clock,
                    .userAgent = tools_.userAgent});
    } catch (kube::KubeconfigError const& error) {
      findings_.add({.level = Level::bad,
                     .check = "api",
                     .what = "cluster " + cluster.name + ": kubeconfig: " + error.what(),
                     .remedy = error.remedy()});
    }
  }

  void stores() {
    Notices notices;
    try {
      StoreSet const set(
          patient_.config, tools_.plugins,
          [this](core::StoreConfig const& store) -> sdk::Host& {
            return *desks_.at(store.tokenCluster).host;
          },
          notices, nullptr);
      for (auto const& [name, store] : patient_.config.stores) {
        if (tools_.stop.requested()) return;
        lookAtStore({.config = patient_.config,
                     .store = store,
                     .backend = set.backendOf(name),
                     .clock = tools_.clock,
                     .stop = tools_.stop},
                    findings_);
      }
    } catch (WorldError const& error) {
      for (auto const& problem : error.problems()) {
        findings_.add({.level = Level::bad,
                       .check = "configuration",
                       .what = problem,
                       .remedy = "mend the line that it names"});
      }
    }
    for (auto const& [name, desk] : desks_) peers(desk.host->peers());
    for (auto const& notice : notices.take()) {
      findings_.add({.level = Level::warning,
                     .check = "identity",
                     .what = "store " + notice.store + ": " + notice.text});
    }
  }

  void peers(std::vector<Peer> const& peers) {
    platform::Resolver resolver(tools_.clock, tools_.stop);
    for (auto const& peer : peers) {
      if (tools_.stop.requested()) return;
      lookAtPeer(peer,
                 {.transports = tools_.transports,
                  .resolver = resolver,
                  .clock = tools_.clock,
                  .stop = tools_.stop},
                 findings_);
    }
  }

  void cluster(std::string const& name, kube::KubeClient& kube) {
    apply::KubeCall const call{.deadline = sdk::BootTime::max(), .cancellation = &tools_.stop};
    if (!lookAtServer(kube, tools_.clock, call, findings_)) return;
    lookAtRights(kube, kube::rightsIn(patient_.rbac.at(name)), mostRights, call, findings_);
    hintAtEncryption(kube.connection()->server(), findings_);
  }

  Patient const& patient_;
  Tools const& tools_;
  Findings& findings_;
  std::map<std::string, ClusterDesk> desks_{};
};

}  // namespace

void examine(Patient const& patient, Tools const& tools, Findings& findings) {
  Examination(patient, tools, findings).run();
}

}  // namespace kms_secretd::app::doctor

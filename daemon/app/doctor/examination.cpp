// SPDX-License-Identifier: Apache-2.0
#include "app/doctor/examination.hpp"

#include <memory>

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

class Examination {
 public:
  Examination(Patient const& patient, Tools const& tools, Findings& findings)
      : patient_(patient), tools_(tools), findings_(findings) {}

  void run() {
    lookAtFiles(filesOf(patient_.configFile, patient_.config), findings_);
    judgeMemory(memoryFacts(patient_.socket), findings_);
    lookAtQuota(patient_.config, findings_);
    openCluster();
    stores();
    if (kube_) cluster();
  }

 private:
  void openCluster() {
    auto* const transports = &tools_.transports;
    try {
      kube_ = kube::openClient(
          patient_.config.cluster,
          {.open = [transports](auto const& spec) { return transports->open(spec); },
           .clock = &tools_.clock,
           .userAgent = tools_.userAgent});
    } catch (kube::KubeconfigError const& error) {
      findings_.add({.level = Level::bad,
                     .check = "api",
                     .what = std::string("kubeconfig: ") + error.what(),
                     .remedy = error.remedy()});
    }
  }

  void stores() {
    std::unique_ptr<PluginHost> tokens;
    if (kube_) {
      tokens =
          std::make_unique<PluginHost>(tools_.transports, *kube_, tools_.clock, tools_.userAgent);
    }
    DoctorHost host(tools_.transports, tokens.get(), tools_.clock, tools_.userAgent);
    Notices notices;
    try {
      StoreSet const set(patient_.config, tools_.plugins, host, notices);
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
    peers(host.peers());
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

  void cluster() {
    apply::KubeCall const call{.deadline = sdk::BootTime::max(), .cancellation = &tools_.stop};
    if (!lookAtServer(*kube_, tools_.clock, call, findings_)) return;
    lookAtRights(*kube_, kube::rightsIn(patient_.rbac), mostRights, call, findings_);
    hintAtEncryption(kube_->connection()->server(), findings_);
  }

  Patient const& patient_;
  Tools const& tools_;
  Findings& findings_;
  std::unique_ptr<kube::KubeClient> kube_{};
};

}  // namespace

void examine(Patient const& patient, Tools const& tools, Findings& findings) {
  Examination(patient, tools, findings).run();
}

}  // namespace kms_secretd::app::doctor

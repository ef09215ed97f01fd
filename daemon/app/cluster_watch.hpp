// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>

#include "app/dirty_targets.hpp"
#include "core/config.hpp"
#include "core/observed.hpp"
#include "core/record.hpp"
#include "kube/connection.hpp"
#include "kube/observation_listener.hpp"
#include "kube/secret_list.hpp"
#include "kube/secret_watch.hpp"
#include "schedule/schedule.hpp"

namespace kms_secretd::app {

/// What the metadata watch of one cluster means for rounds: what they need not ask, and which
/// targets are no longer as they were left (rules 3). Made, started and stopped on the main thread.
class ClusterWatch final : public kube::ObservationListener {
 public:
  /// `config`, which holds this cluster's targets only, `dirty` and `clock` outlive the watch.
  ClusterWatch(core::Config const& config, std::shared_ptr<kube::Connection> connection,
               sdk::Clock const& clock, DirtyTargets& dirty);

  /// Starts to watch.
  void start() { watch_.start(*this); }
  /// Waits for the first lists until `deadline` or a stop.
  void waitForLists(sdk::BootTime deadline, sdk::Cancellation const& stop) const;
  /// Ends that; returns within a second. What is known stays.
  void stop() { watch_.stop(); }
  /// True once every namespace was listed, or could not be.
  [[nodiscard]] bool listed() const;

  /// What the cluster holds of our targets, as far as the lists have told.
  [[nodiscard]] std::map<core::TargetId, schedule::StartState> seen();
  /// Hands every Secret of a namespace with our label to `visitor`, which must not call the watch.
  /// False, and nothing is handed out, where the namespace is not followed: then ask the API
  /// server. Any thread.
  bool visitOurs(std::string const& namespaceName, kube::SecretVisitor const& visitor);
  /// What a round may take for the present state; nothing = ask the API server. Any thread.
  [[nodiscard]] std::optional<core::Observed> known(core::TargetId const& target,
                                                    core::AppliedRecord const& record);
  /// A round asked the API server and got this. Any thread.
  void asked(core::TargetId const& target, core::Observed const& observed);
  /// The API server did not agree with what was known: the next round asks. Any thread.
  void mistaken(core::TargetId const& target) { watch_.store().forget(target); }
  /// True if what is known of the target is not what its last round left.
  [[nodiscard]] bool drifted(core::TargetDefinition const& definition,
                             core::AppliedRecord const& record);
  /// Why namespaces are not followed at present; empty = all are.
  [[nodiscard]] std::map<std::string, std::string> problems();

 private:
  void onObserved(core::TargetId const& target, core::Observed const& observed) override;
  void onGone(core::TargetId const& target) override;
  [[nodiscard]] bool asLeft(core::TargetDefinition const& definition,
                            core::AppliedRecord const& record);
  [[nodiscard]] bool ours(core::Observed const& observed) const;
  [[nodiscard]] std::optional<core::Observed> presumed(core::TargetId const& target,
                                                       core::AppliedRecord const& record);

  core::Config const& config_;
  sdk::Clock const& clock_;
  DirtyTargets& dirty_;
  kube::SecretWatch watch_;
};

}  // namespace kms_secretd::app

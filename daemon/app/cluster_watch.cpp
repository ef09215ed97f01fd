// SPDX-License-Identifier: Apache-2.0
#include "app/cluster_watch.hpp"

#include <algorithm>
#include <utility>

#include "core/marks.hpp"
#include "plan/decide.hpp"

namespace kms_secretd::app {
namespace {

namespace marks = core::marks;

bool textIs(std::map<std::string, std::string> const& texts, char const* name,
            std::string const& wanted) {
  auto const at = texts.find(name);
  return at != texts.end() && at->second == wanted;
}

}  // namespace

ClusterWatch::ClusterWatch(core::Config const& config, std::shared_ptr<kube::Connection> connection,
                           sdk::Clock const& clock, DirtyTargets& dirty)
    : config_(config), clock_(clock), dirty_(dirty), watch_(config, std::move(connection), clock) {}

void ClusterWatch::waitForLists(sdk::BootTime deadline, sdk::Cancellation const& stop) const {
  static_cast<void>(watch_.waitForLists(deadline, &stop));
}

bool ClusterWatch::listed() const { return watch_.waitForLists(clock_.boot(), nullptr); }

std::map<core::TargetId, schedule::StartState> ClusterWatch::seen() {
  std::map<core::TargetId, schedule::StartState> states;
  watch_.store().visit([&](core::TargetDefinition const& target, core::Observed const& observed) {
    auto const equal = textIs(observed.annotations, marks::definitionAnnotation, target.hash);
    states[target.id] = {.exists = observed.exists, .definitionEqual = observed.exists && equal};
  });
  return states;
}

bool ClusterWatch::visitOurs(std::string const& namespaceName, kube::SecretVisitor const& visitor) {
  auto const follows = [&](kube::WatchState const& state) {
    return state.namespaceName == namespaceName && state.listed && state.problem.empty();
  };
  if (std::ranges::none_of(watch_.states(), follows)) return false;
  watch_.store().visitOurs(namespaceName, visitor);
  return true;
}

bool ClusterWatch::ours(core::Observed const& observed) const {
  return textIs(observed.labels, marks::instanceLabel, config_.instance) ||
         observed.appliedBy(config_.fieldManager()) != nullptr;
}

// Of a Secret that is not ours the watch knows too little (no type, no number of keys), and what it
// knows may be older than what the last round left.
std::optional<core::Observed> ClusterWatch::known(core::TargetId const& target,
                                                  core::AppliedRecord const& record) {
  auto observed = watch_.store().find(target);
  if (!observed) return presumed(target, record);
  if (kube::olderVersion(observed->resourceVersion, record.resourceVersion)) return std::nullopt;
  if (observed->exists && !ours(*observed)) return std::nullopt;
  return observed;
}

// Of a target that was never met, most often nothing is there: a question for each would double the
// requests of a first sync.
std::optional<core::Observed> ClusterWatch::presumed(core::TargetId const& target,
                                                     core::AppliedRecord const& record) {
  bool const neverMet = record.uid.empty() && !record.createUnsettled;
  if (!neverMet || !listed() || !watch_.store().presumeAbsent(target)) return std::nullopt;
  core::Observed nothing;
  nothing.presumed = true;
  return nothing;
}

// True if that is what the last good round left, as after each write of ours. It may have left keys
// of others that this definition wants removed, or a claim on what is somebody else's.
bool ClusterWatch::asLeft(core::TargetDefinition const& definition,
                          core::AppliedRecord const& record) {
  return !record.createUnsettled && record.definitionHash == definition.hash &&
         definition.foreignKeys == core::ForeignKeys::keep &&
         watch_.store().versionOf(definition.id) == record.resourceVersion;
}

// What carries no label of ours may be out of the watch's sight: it is asked for each time.
void ClusterWatch::asked(core::TargetId const& target, core::Observed const& observed) {
  auto const followed = textIs(observed.labels, marks::instanceLabel, config_.instance);
  if (observed.exists && followed) watch_.store().record(target, observed);
}

bool ClusterWatch::drifted(core::TargetDefinition const& definition,
                           core::AppliedRecord const& record) {
  if (!record.digest) return false;  // its first good round is still to come, and will look
  if (asLeft(definition, record)) return false;
  auto const observed = watch_.store().find(definition.id);
  if (!observed) return true;  // gone, or without our label: the round's one GET tells
  if (kube::olderVersion(observed->resourceVersion, record.resourceVersion)) return false;
  auto const plan = plan::decide({.definition = definition,
                                  .digest = *record.digest,
                                  .keys = core::namesOf(record.keys),
                                  .observed = *observed,
                                  .record = record,
                                  .instance = config_.instance,
                                  .mayForce = true});
  // What is being deleted is left alone until it is gone, and that is told.
  return plan.action != core::Action::leave && plan.reason != core::PlanReason::terminating;
}

std::map<std::string, std::string> ClusterWatch::problems() {
  std::map<std::string, std::string> problems;
  for (auto& state : watch_.states()) {
    if (!state.problem.empty()) problems[state.namespaceName] = std::move(state.problem);
  }
  return problems;
}

void ClusterWatch::onObserved(core::TargetId const& target, core::Observed const& /*observed*/) {
  dirty_.add(target);
}

void ClusterWatch::onGone(core::TargetId const& target) { dirty_.add(target); }

}  // namespace kms_secretd::app

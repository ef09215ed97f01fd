// SPDX-License-Identifier: Apache-2.0
#include "app/plan_command.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <boost/json.hpp>

#include "app/dry_run_api.hpp"
#include "core/nearest.hpp"
#include "platform/process_hardening.hpp"
#include "platform/wait.hpp"
#include "schedule/token_bucket.hpp"

namespace kms_secretd::app {
namespace {

namespace json = boost::json;

/// Waits until the stores may be asked: no schedule stands before these rounds.
class Pace {
 public:
  Pace(core::Config const& config, PlanWay const& way) : way_(way) {
    for (auto const& [name, store] : config.stores) {
      auto const rate = store.requestsPerSecond * way.shareOfRate;
      if (rate > 0) buckets_.emplace(name, schedule::TokenBucket(rate, way.clock.boot()));
    }
  }

  void waitFor(core::TargetDefinition const& definition) {
    for (auto const& read : definition.reads()) {
      waitFor(read.store);
      if (way_.stop.requested()) return;
      if (way_.spend) way_.spend(read.store);
    }
  }

 private:
  void waitFor(std::string const& store) {
    auto const bucket = buckets_.find(store);
    if (bucket == buckets_.end()) return;
    auto const opens = bucket->second.opensAt(way_.clock.boot());
    if (opens > way_.clock.boot()) {
      static_cast<void>(platform::waitFor(
          -1, 0, {.clock = way_.clock, .deadline = opens, .cancellation = &way_.stop}));
    }
    bucket->second.take(1, way_.clock.boot());
  }

  PlanWay const& way_;
  std::map<std::string, schedule::TokenBucket> buckets_{};
};

json::object objectOf(core::TargetId const& target) {
  return {{"cluster", target.cluster}, {"namespace", target.namespaceName}, {"name", target.name}};
}

json::object objectOf(cycle::Foresight const& seen) {
  json::object keys;
  for (auto const& [key, fate] : seen.keys) keys[key] = cycle::nameOf(fate);
  return {{"cluster", seen.target.cluster},
          {"namespace", seen.target.namespaceName},
          {"name", seen.target.name},
          {"action", core::nameOf(seen.action)},
          {"reason", core::nameOf(seen.reason)},
          {"detail", seen.detail},
          {"writes", seen.writes()},
          {"keys", std::move(keys)},
          {"labels_or_annotations_change", seen.marksChange},
          {"trouble", seen.trouble},
          {"do", seen.remedy}};
}

// The round as it would be, against an API server that is only asked to rehearse.
cycle::Foresight foresee(ClusterLink& link, core::TargetDefinition const& definition,
                         PlanWay const& way) {
  DryRunApi api(link.kube());
  auto const& theirs = link.stages();
  cycle::Stages const stages{.fetcher = theirs.fetcher,
                             .kube = api,
                             .clock = way.clock,
                             .instance = theirs.instance,
                             .kubeTimeout = theirs.kubeTimeout,
                             .digest = theirs.digest,
                             .policies = theirs.policies,
                             .watched = {},
                             .asked = {}};
  return cycle::foresee(definition, stages, &way.stop);
}

}  // namespace

std::variant<std::vector<core::TargetDefinition const*>, std::string> definitionsFor(
    core::Config const& config, std::vector<std::string> const& names) {
  std::map<std::string, core::TargetDefinition const*> all;
  for (auto const& target : config.targets) all[target->id.text()] = target.get();
  std::vector<core::TargetDefinition const*> wanted;
  for (auto const& name : names) {
    auto const at = all.find(name);
    if (at != all.end()) {
      wanted.push_back(at->second);
      continue;
    }
    std::vector<std::string> known;
    known.reserve(all.size());
    for (auto const& [id, target] : all) known.push_back(id);
    auto const near = core::nearest(name, known);
    return "no [[secret]] defines " + name + (near ? "; did you mean " + *near + "?" : "");
  }
  if (names.empty()) {
    for (auto const& [id, target] : all) wanted.push_back(target);
  }
  return wanted;
}

std::vector<cycle::Foresight> foreseeAll(
    World& world, std::vector<core::TargetDefinition const*> const& definitions,
    PlanWay const& way) {
  Pace pace(world.config(), way);
  std::vector<cycle::Foresight> all;
  for (auto const* definition : definitions) {
    pace.waitFor(*definition);
    if (way.stop.requested()) break;
    auto seen = foresee(world.link(definition->id.cluster), *definition, way);
    world.purge();
    if (way.stop.requested()) break;  // its waits were cut, which says nothing of the target
    all.push_back(std::move(seen));
  }
  platform::scrubStack();
  return all;
}

std::string jsonText(std::vector<cycle::Foresight> const& foresights, PlanFacts const& facts) {
  json::array targets;
  for (auto const& each : foresights) targets.push_back(objectOf(each));
  json::array gone;
  for (auto const& each : facts.gone) gone.push_back(objectOf(each));
  return json::serialize(json::object{{"configuration", facts.configuration},
                                      {"complete", foresights.size() == facts.wanted},
                                      {"wanted", facts.wanted},
                                      {"targets", std::move(targets)},
                                      {"no_longer_defined", std::move(gone)}}) +
         "\n";
}

}  // namespace kms_secretd::app

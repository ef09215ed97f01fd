// SPDX-License-Identifier: Apache-2.0
#include "control/view_json.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <set>
#include <tuple>

namespace kms_secretd::control {
namespace {

namespace json = boost::json;

json::value timeOrNull(std::optional<sdk::WallTime> const& time) {
  return time ? json::value(utcText(*time)) : json::value(nullptr);
}

json::object sourceJson(core::SourceRef const& source) {
  json::object object{{"store", source.store.str()}, {"name", source.name.str()}};
  if (!source.versionStage.empty()) object["version_stage"] = source.versionStage.str();
  if (!source.versionId.empty()) object["version_id"] = source.versionId.str();
  return object;
}

json::array textsJson(auto const& texts) { return json::array(texts.begin(), texts.end()); }

// What every list shows of a target.
json::object rowJson(TargetView const& target) {
  json::object row{{"cluster", target.id.cluster},
                   {"namespace", target.id.namespaceName},
                   {"name", target.id.name},
                   {"state", nameOf(target.state)},
                   {"cause", target.cause},
                   {"since", timeOrNull(target.since)},
                   {"last_success", timeOrNull(target.lastSuccess)},
                   {"next_round", timeOrNull(target.nextRound)},
                   {"under_way", target.underWay},
                   {"rounds", target.rounds},
                   {"broken_rotations", textsJson(target.brokenRotations)}};
  return row;
}

json::array textsJson(std::vector<std::string> const& texts) {
  return json::array(texts.begin(), texts.end());
}

json::value heldJson(std::optional<HeldView> const& held) {
  if (!held) return nullptr;
  return json::object{{"change", held->change}, {"drops", textsJson(held->drops)}};
}

// What an admin needs of a target that is not well.
void addTrouble(json::object& object, TargetView const& target) {
  object["message"] = target.state == TargetState::contested ? target.contest : target.message;
  object["effect"] = effectOf(target);
  object["remedy"] = target.remedy;
  if (target.held) object["held"] = heldJson(target.held);
  if (target.failedSource) object["failed_source"] = sourceJson(*target.failedSource);
}

json::array troubleJson(Snapshot const& snapshot) {
  std::vector<TargetView const*> bad;
  for (auto const& target : snapshot.targets) {
    if (target.state >= TargetState::contested) bad.push_back(&target);
  }
  std::ranges::stable_sort(bad, [](TargetView const* a, TargetView const* b) {
    return std::tuple(b->state, a->since) < std::tuple(a->state, b->since);
  });
  json::array rows;
  for (auto const* target : bad) {
    auto row = rowJson(*target);
    addTrouble(row, *target);
    rows.push_back(std::move(row));
  }
  return rows;
}

json::object countsJson(Snapshot const& snapshot) {
  json::object counts{{"defined", snapshot.targets.size()}};
  for (auto const state : targetStates) {
    counts[nameOf(state)] = std::ranges::count(snapshot.targets, state, &TargetView::state);
  }
  return counts;
}

// Each once, however many secrets are made of it.
json::array brokenRotationsJson(Snapshot const& snapshot) {
  std::set<std::string> sources;
  for (auto const& target : snapshot.targets) {
    sources.insert(target.brokenRotations.begin(), target.brokenRotations.end());
  }
  return textsJson(sources);
}

json::value expiryJson(std::optional<ExpiryView> const& expiry) {
  if (!expiry) return nullptr;
  return json::object{{"what", expiry->what}, {"at", utcText(expiry->at)}};
}

json::object storeJson(StoreView const& store) {
  std::map<std::string, std::uint64_t> calls;
  for (auto const& call : store.calls) calls[call.outcome] += call.calls;
  auto const* const breaker = store.breakerOpen ? "open" : "closed";
  return {{"name", store.name},
          {"backend", store.backend},
          {"identity", store.identity},
          {"breaker", breaker},
          {"login_refused", store.stopped},
          {"requests_per_second", store.rate},
          {"credential", expiryJson(store.credential)},
          {"calls", json::value_from(calls)}};
}

json::object clusterJson(ClusterView const& cluster) {
  json::object unwatched;
  for (auto const& [name, why] : cluster.unwatched) unwatched[name] = why;
  auto const* const breaker = cluster.breakerOpen ? "open" : "closed";
  return {{"name", cluster.name},
          {"server", cluster.server},
          {"breaker", breaker},
          {"login_refused", cluster.stopped},
          {"leadership", cluster.leadership},
          {"leads", cluster.leads ? json::value(*cluster.leads) : json::value(nullptr)},
          {"observe", cluster.observe},
          {"login", expiryJson(cluster.login)},
          {"login_problem", cluster.loginProblem},
          {"unwatched", std::move(unwatched)},
          {"held_deletions", heldJson(cluster.heldDeletions)}};
}

json::array sourcesJson(TargetView const& target) {
  json::array sources;
  for (auto const& source : target.sources) {
    auto object = sourceJson(source.source);
    object["key"] = source.key;
    object["version"] = source.versionId;
    object["next_rotation"] = timeOrNull(source.nextRotation);
    sources.push_back(std::move(object));
  }
  return sources;
}

json::array historyJson(TargetView const& target) {
  json::array history;
  for (auto const& change : target.history) {
    history.push_back(json::object{{"at", utcText(change.at)},
                                   {"outcome", change.outcome},
                                   {"cause", change.cause},
                                   {"keys", change.keys}});
  }
  return history;
}

json::value roundJson(std::optional<RoundView> const& round) {
  if (!round) return nullptr;
  return json::object{{"at", utcText(round->at)},
                      {"outcome", round->outcome},
                      {"reason", round->reason},
                      {"duration_ms", round->duration.count()}};
}

}  // namespace

char const* nameOf(TargetState state) noexcept {
  switch (state) {
    case TargetState::pending:
      return "pending";
    case TargetState::in_sync:
      return "in_sync";
    case TargetState::contested:
      return "contested";
    case TargetState::held:
      return "held";
    case TargetState::failing:
      return "failing";
  }
  return "unknown";
}

std::string utcText(sdk::WallTime time) {
  auto const day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day const date{day};
  std::chrono::hh_mm_ss const clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  char text[40];
  auto const size = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  return {text, static_cast<std::size_t>(size)};
}

std::string effectOf(TargetView const& target) {
  if (target.state == TargetState::contested) {
    return "the Secret is put back again and again, each time a little later";
  }
  if (target.state != TargetState::failing && target.state != TargetState::held) return {};
  if (target.lastSuccess) {
    return "the Secret keeps the values of " + utcText(*target.lastSuccess) +
           "; changes in the store do not arrive";
  }
  return "the Secret was not brought up to date since the daemon started; what it holds, if it is "
         "there, stays";
}

namespace {

// What a standby has not looked at, another daemon has.
bool standsBy(Snapshot const& snapshot, std::string const& cluster) {
  auto const at = std::ranges::find(snapshot.clusters, cluster, &ClusterView::name);
  return at != snapshot.clusters.end() && at->standby;
}

}  // namespace

std::vector<std::string> notReadyReasons(Snapshot const& snapshot) {
  std::vector<std::string> reasons;
  if (!snapshot.loaded) reasons.emplace_back("the daemon is starting or stopping");
  if (!snapshot.trouble.empty()) reasons.push_back(snapshot.trouble);
  auto const unseen = std::ranges::count_if(snapshot.targets, [&](TargetView const& target) {
    return target.state == TargetState::pending && !standsBy(snapshot, target.id.cluster);
  });
  if (unseen > 0) {
    reasons.push_back(std::to_string(unseen) + " of " + std::to_string(snapshot.targets.size()) +
                      " secrets were not looked at yet");
  }
  for (auto const& store : snapshot.stores) {
    if (store.breakerOpen) reasons.push_back("store " + store.name + " does not answer");
    if (store.stopped) reasons.push_back("store " + store.name + " refuses the login");
  }
  for (auto const& cluster : snapshot.clusters) {
    auto const server = core::ofCluster(cluster.name) + "the API server ";
    if (cluster.breakerOpen) reasons.push_back(server + "does not answer");
    if (cluster.stopped) reasons.push_back(server + "refuses the login");
  }
  return reasons;
}

json::object statusJson(Snapshot const& snapshot) {
  json::array stores;
  for (auto const& store : snapshot.stores) stores.push_back(storeJson(store));
  json::array clusters;
  for (auto const& cluster : snapshot.clusters) clusters.push_back(clusterJson(cluster));
  auto const reasons = notReadyReasons(snapshot);
  return {{"version", snapshot.version},
          {"instance", snapshot.instance},
          {"now", utcText(snapshot.now)},
          {"started", utcText(snapshot.started)},
          {"ready", reasons.empty()},
          {"not_ready", textsJson(reasons)},
          {"configuration_refused_since", timeOrNull(snapshot.refusedSince)},
          {"leadership", snapshot.leadership},
          {"clusters", std::move(clusters)},
          {"stores", std::move(stores)},
          {"queue",
           {{"due", snapshot.queue.due},
            {"lag_ms", snapshot.queue.lag.count()},
            {"under_way", snapshot.queue.underWay},
            {"idle_workers", snapshot.queue.idleWorkers}}},
          {"targets", countsJson(snapshot)},
          {"broken_rotations", brokenRotationsJson(snapshot)},
          {"trouble", troubleJson(snapshot)}};
}

json::object targetsJson(Snapshot const& snapshot) {
  json::array rows;
  for (auto const& target : snapshot.targets) rows.push_back(rowJson(target));
  return {{"now", utcText(snapshot.now)}, {"targets", std::move(rows)}};
}

json::object targetJson(TargetView const& target) {
  auto object = rowJson(target);
  addTrouble(object, target);
  object["type"] = target.type;
  object["interval_ms"] = target.interval.count();
  object["defined_at"] = target.origin.text();
  object["last_round"] = roundJson(target.lastRound);
  object["sources"] = sourcesJson(target);
  object["history"] = historyJson(target);
  return object;
}

json::object syncJson(SyncReply const& reply) {
  json::array rows;
  for (auto const& promised : reply.promised) {
    rows.push_back(json::object{{"cluster", promised.id.cluster},
                                {"namespace", promised.id.namespaceName},
                                {"name", promised.id.name},
                                {"done_at_rounds", promised.doneAt}});
  }
  return {{"targets", std::move(rows)}, {"not_here", reply.notHere}};
}

}  // namespace kms_secretd::control

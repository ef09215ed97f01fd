// SPDX-License-Identifier: Apache-2.0
#include "app/engine_answers.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "app/build_info.hpp"
#include "app/token_renewal.hpp"
#include "kube/token_claims.hpp"
#include "platform/files.hpp"
#include "platform/x509.hpp"

namespace kms_secretd::app {
namespace {

constexpr std::size_t maxTokenBytes = 64 * 1024;

control::TargetState stateOf(report::TargetStatus const& status) {
  if (!status.remarks->contest.empty()) return control::TargetState::contested;
  if (status.remarks->held) return control::TargetState::held;
  return status.inSync() ? control::TargetState::in_sync : control::TargetState::failing;
}

void addStatus(control::TargetView& view, report::TargetStatus const& status) {
  view.state = stateOf(status);
  view.cause = status.cause;
  view.message = status.remarks->message;
  view.remedy = status.remarks->remedy;
  view.contest = status.remarks->contest;
  view.failedSource = status.remarks->source;
  if (auto const& held = status.remarks->held) {
    view.held = control::HeldView{.change = held->approval, .drops = held->drops};
  }
  view.since = status.since;
  view.lastSuccess = status.lastSuccess;
  view.rounds = status.rounds;
  view.lastRound = control::RoundView{.at = status.lastRound,
                                      .outcome = core::nameOf(status.last),
                                      .reason = core::nameOf(status.lastReason),
                                      .duration = status.lastDuration};
  for (auto const& rotation : status.remarks->rotations) {
    if (rotation.broken) view.brokenRotations.push_back(rotation.source.text());
  }
  for (auto const& change : status.history) {
    auto const failed = change.kind > core::OutcomeKind::unchanged;
    view.history.push_back({.at = change.at,
                            .outcome = core::nameOf(change.kind),
                            .cause = failed ? change.detail : "",
                            .keys = failed ? "" : change.detail});
  }
}

std::vector<control::SourceView> sourcesOf(core::TargetDefinition const& definition,
                                           core::AppliedRecord const* record) {
  std::vector<control::SourceView> sources;
  for (auto const& entry : definition.data) {
    control::SourceView view{.key = entry.key, .source = entry.source};
    if (record != nullptr) {
      auto const at =
          std::ranges::find(record->versions, entry.source, &core::SourceVersion::source);
      if (at != record->versions.end()) view.versionId = at->versionId;
      auto const planned =
          std::ranges::find(record->rotations, entry.source, &core::SourceRotation::source);
      if (planned != record->rotations.end()) view.nextRotation = planned->next;
    }
    sources.push_back(std::move(view));
  }
  return sources;
}

control::RoundsView roundsView(report::RoundCounts const& rounds) {
  control::RoundsView view{.total = rounds.total()};
  for (auto const& [kind, count] : rounds.byKind()) view.byOutcome[core::nameOf(kind)] = count;
  for (std::size_t i = 0; i < report::RoundCounts::bounds.size(); ++i) {
    view.buckets.emplace_back(report::RoundCounts::bounds[i], rounds.buckets()[i]);
  }
  view.longer = rounds.buckets().back();
  return view;
}

// The end of the login, as far as the login tells it.
std::optional<control::ExpiryView> loginEnd(kube::Connection& connection) {
  auto const certificate = platform::certificateExpiry(connection.clientCertificate());
  if (certificate.ok()) {
    return control::ExpiryView{.what = "client certificate", .at = certificate.value()};
  }
  auto const file = connection.tokenFile();
  if (file.empty()) return std::nullopt;
  auto const token = platform::readSecretFile(file, maxTokenBytes);
  if (!token.ok()) return std::nullopt;
  auto const claims = kube::readTokenClaims(token.value().reveal());
  if (!claims) return std::nullopt;
  return control::ExpiryView{.what = "ServiceAccount token", .at = claims->expiresAt};
}

control::ClusterView clusterView(ClusterLink& link) {
  auto& connection = link.connection();
  control::ClusterView view{
      .name = link.name(),
      .server = connection.server(),
      .observe = link.cluster().observe == core::ObserveMode::watch ? "watch" : "poll",
      .loginProblem = connection.problem().value_or(""),
      .login = loginEnd(connection)};
  if (auto* const leadership = link.leadership()) {
    view.leadership = leadership->sentence();
    view.standby = leadership->standsBy();
    view.leads = leadership->leads();
  }
  if (auto held = link.sweep() == nullptr ? std::nullopt : link.sweep()->held()) {
    view.heldDeletions =
        control::HeldView{.change = std::move(held->approval), .drops = std::move(held->drops)};
  }
  if (link.watch() != nullptr) view.unwatched = link.watch()->problems();
  for (auto const& [what, calls] : link.kube().answers()) {
    view.calls.push_back({.verb = what.first, .code = what.second, .calls = calls});
  }
  auto const events = link.eventCounts();
  view.events = {
      {"written", events.written}, {"folded", events.folded}, {"dropped", events.dropped}};
  return view;
}

}  // namespace

control::TargetView EngineAnswers::targetView(core::TargetDefinition const& definition) const {
  control::TargetView view{.id = definition.id,
                           .underWay = state_.schedule.underWay(definition.id),
                           .type = definition.type,
                           .interval = definition.interval,
                           .origin = definition.origin,
                           .sources = sourcesOf(definition, state_.schedule.record(definition.id))};
  auto const* status = state_.reporter.status().find(definition.id);
  if (status != nullptr) addStatus(view, *status);
  if (auto const due = state_.schedule.dueAt(definition.id); due && !view.underWay) {
    view.nextRound = state_.clock.wall() + (*due - state_.clock.boot());
  }
  return view;
}

std::vector<control::StoreView> EngineAnswers::storeViews() const {
  std::map<std::string, control::StoreView> views;
  for (auto const& [name, store] : state_.world->config().stores) {
    views[name] = {.name = name, .backend = store.backend, .rate = store.requestsPerSecond};
  }
  for (auto const& gate : state_.schedule.stores(state_.clock.boot())) {
    auto const at = views.find(gate.name);
    if (at == views.end()) continue;
    at->second.breakerOpen = gate.breakerOpen;
    at->second.stopped = gate.stopped;
    at->second.rate = gate.rate;
    at->second.waited = gate.waited;
  }
  for (auto& [name, identity] : state_.world->identities()) {
    views[name].identity = std::move(identity);
  }
  for (auto const& [name, end] : state_.world->credentialEnds()) {
    views[name].credential = control::ExpiryView{.what = end.credential, .at = end.at};
  }
  for (auto const& [key, count] : state_.world->calls()) {
    views[key.store].calls.push_back(
        {.outcome = key.outcome, .code = key.code, .calls = count.calls, .time = count.time});
  }
  std::vector<control::StoreView> stores;
  stores.reserve(views.size());
  for (auto& [name, view] : views) stores.push_back(std::move(view));
  return stores;
}

std::vector<control::ClusterView> EngineAnswers::clusterViews() const {
  std::vector<control::ClusterView> views;
  for (auto const& [name, link] : state_.world->links()) views.push_back(clusterView(*link));
  for (auto const& gate : state_.schedule.clusters(state_.clock.boot())) {
    auto const at = std::ranges::find(views, gate.name, &control::ClusterView::name);
    if (at == views.end()) continue;
    at->breakerOpen = gate.breakerOpen;
    at->stopped = gate.stopped;
  }
  return views;
}

control::Snapshot EngineAnswers::snapshot() {
  auto const backlog = state_.schedule.backlog(state_.clock.boot());
  auto const& config = state_.world->config();
  control::Snapshot snapshot{.version = buildVersion,
                             .instance = config.instance,
                             .started = started_,
                             .now = state_.clock.wall(),
                             .loaded = mood_.loaded,
                             .refusedSince = state_.reporter.status().refusedSince(),
                             .trouble = mood_.trouble,
                             .leadership = leadershipSentence(*state_.world),
                             .queue = {.due = backlog.due,
                                       .lag = backlog.lag,
                                       .underWay = state_.schedule.inFlight(),
                                       .idleWorkers = mood_.idleWorkers},
                             .rounds = roundsView(state_.reporter.rounds()),
                             .clusters = clusterViews(),
                             .stores = storeViews()};
  for (auto const& definition : config.targets) snapshot.targets.push_back(targetView(*definition));
  std::ranges::sort(snapshot.targets, {}, &control::TargetView::id);
  return snapshot;
}

bool EngineAnswers::wanted(core::TargetDefinition const& definition,
                           control::SyncRequest const& request) const {
  if (request.target) return definition.id == *request.target;
  if (!request.store) return true;
  auto const reads = definition.reads();
  return std::ranges::any_of(reads, [&](auto const& read) { return read.store == *request.store; });
}

void EngineAnswers::promise(core::TargetDefinition const& definition, control::SyncReply& reply) {
  auto const now = state_.clock.boot();
  auto const* status = state_.reporter.status().find(definition.id);
  auto const rounds = status == nullptr ? 0 : status->rounds;
  // A round under way may have read before the change that made somebody ask.
  auto const more = state_.schedule.underWay(definition.id) ? 2U : 1U;
  if (!state_.schedule.force(definition.id, now)) return;
  reply.promised.push_back({.id = definition.id, .doneAt = rounds + more});
}

// Who asks has often just mended something, so stores that refused the login are tried at once.
control::SyncReply EngineAnswers::sync(control::SyncRequest const& request) {
  control::SyncReply reply;
  std::set<std::string> stores;
  std::set<std::string> elsewhere;
  for (auto const& definition : state_.world->config().targets) {
    if (!wanted(*definition, request)) continue;
    auto& link = state_.world->link(definition->id.cluster);
    if (!link.mayWork()) {
      elsewhere.insert(core::ofCluster(link.name()) + link.leadership()->sentence());
      continue;
    }
    for (auto const& read : definition->reads()) stores.insert(read.store);
    promise(*definition, reply);
  }
  for (auto const& store : stores) {
    state_.schedule.credentialsChanged(store, state_.clock.boot());
  }
  for (auto const& why : elsewhere) reply.notHere += (reply.notHere.empty() ? "" : "; ") + why;
  if (!reply.notHere.empty()) {
    reply.notHere =
        "no round begins in this daemon (" + reply.notHere + "): ask the one that leads";
  }
  return reply;
}

control::PlanReply EngineAnswers::plan(control::PlanRequest const& request) {
  return state_.plans.begin(request, state_.world->config());
}

// The name of a held deletion says which Secrets, so it is no matter in whose cluster they are.
control::ApproveReply EngineAnswers::approveDeletion(std::string const& change) {
  control::ApproveReply reply{.why = "no deletion of that name is held"};
  bool anyWorks = false;
  for (auto const& [name, link] : state_.world->links()) {
    anyWorks = anyWorks || link->mayWork();
    reply.approved = reply.approved || (link->sweep() != nullptr && link->sweep()->approve(change));
  }
  if (!anyWorks) reply.notHere = "nothing is deleted by this daemon: approve it at the leader";
  return reply;
}

control::ApproveReply EngineAnswers::approve(control::ApproveRequest const& request) {
  if (!request.target) return approveDeletion(request.change);
  auto const& target = *request.target;
  control::ApproveReply reply{.why = "no change of that name is held for " + target.text()};
  auto const link = state_.world->links().find(target.cluster);
  if (link == state_.world->links().end()) return reply;
  if (!link->second->mayWork()) {
    reply.notHere = "nothing is written by this daemon (" + link->second->leadership()->sentence() +
                    "): approve it at the one that leads";
    return reply;
  }
  auto const* status = state_.reporter.status().find(target);
  auto const held = status == nullptr ? std::nullopt : status->remarks->held;
  reply.approved = held && held->approval == request.change &&
                   state_.schedule.approve(target, request.change, state_.clock.boot());
  return reply;
}

}  // namespace kms_secretd::app

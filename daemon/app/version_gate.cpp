// SPDX-License-Identifier: Apache-2.0
#include "app/version_gate.hpp"

#include <utility>

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;
using core::KubeFailureKind;

constexpr sdk::Milliseconds askAgain = 1min;

}  // namespace

bool VersionGate::untold(core::KubeFailure const& failure) noexcept {
  if (failure.kind == KubeFailureKind::invalid_response) return true;
  auto const refused = failure.status >= 400 && failure.status < 500;
  return refused && failure.kind != KubeFailureKind::unauthenticated &&
         failure.kind != KubeFailureKind::throttled;
}

std::optional<core::KubeFailure> VersionGate::admit(Ask const& ask, apply::KubeCall const& call) {
  std::optional<core::KubeFailure> refusal;
  if (known(*state_.lock(), refusal)) return refusal;
  // Without the lock: several may ask at once, nobody waits for another's request.
  return judge(ask(call));
}

bool VersionGate::known(State& state, std::optional<core::KubeFailure>& refusal) const {
  if (auto const generation = settings_.generation(); generation != state.generation) {
    state.generation = generation;
    state.verdict = Verdict::unknown;
  }
  if (state.verdict == Verdict::good) return true;
  auto const waits = settings_.clock->boot() - state.askedAt < askAgain;
  if (state.verdict != Verdict::too_old || !waits) return false;
  refusal = state.refusal;
  return true;
}

std::optional<core::KubeFailure> VersionGate::judge(
    core::KubeResult<kube::ServerVersion> const& answer) {
  auto const server = settings_.server();
  auto state = state_.lock();
  state->askedAt = settings_.clock->boot();
  if (auto const* failure = std::get_if<core::KubeFailure>(&answer)) {
    if (!untold(*failure)) return *failure;
    state->verdict = Verdict::good;
    say(*state, report::EventId::cluster_version_unknown,
        "cluster " + settings_.cluster + " at " + server + " does not tell its version (" +
            failure->message +
            ") and is taken for Kubernetes 1.20 or newer: make sure of that, and allow the "
            "daemon's user to get /version");
    return std::nullopt;
  }
  auto const& version = std::get<kube::ServerVersion>(answer);
  if (auto refusal = kube::tooOld(version, settings_.cluster, server)) {
    state->verdict = Verdict::too_old;
    state->refusal = *refusal;
    say(*state, report::EventId::cluster_too_old, refusal->message + ": " + refusal->remedy);
    return refusal;
  }
  state->verdict = Verdict::good;
  state->said.clear();
  return std::nullopt;
}

void VersionGate::say(State& state, report::EventId id, std::string text) const {
  if (std::exchange(state.said, text) == text) return;
  state.news.push_back({id, std::move(text)});
}

void VersionGate::ended(core::KubeFailure const& failure) {
  auto const silent = failure.status == 0 && (failure.kind == KubeFailureKind::unavailable ||
                                              failure.kind == KubeFailureKind::timed_out);
  if (!silent) return;
  auto state = state_.lock();
  if (state->verdict == Verdict::good) state->verdict = Verdict::unknown;
}

std::vector<VersionGate::News> VersionGate::takeNews() {
  return std::exchange(state_.lock()->news, {});
}

template <class T, class Send>
core::KubeResult<T> VersionedApi::admitted(apply::KubeCall const& call, Send send) {
  if (auto refusal = gate_.admit(ask_, call)) return *std::move(refusal);
  core::KubeResult<T> result = send();
  gate_.ended(result);
  return result;
}

core::KubeResult<core::Observed> VersionedApi::observe(core::TargetId const& target,
                                                       apply::KubeCall const& call) {
  return admitted<core::Observed>(call, [&] { return api_.observe(target, call); });
}

core::KubeResult<apply::ApplyReply> VersionedApi::apply(apply::ApplyRequest const& request,
                                                        apply::KubeCall const& call) {
  return admitted<apply::ApplyReply>(call, [&] { return api_.apply(request, call); });
}

core::KubeResult<core::Observed> VersionedApi::releaseKeys(apply::KeyChange const& change,
                                                           apply::KubeCall const& call) {
  return admitted<core::Observed>(call, [&] { return api_.releaseKeys(change, call); });
}

core::KubeResult<core::Observed> VersionedApi::removeKeys(apply::KeyChange const& change,
                                                          apply::KubeCall const& call) {
  return admitted<core::Observed>(call, [&] { return api_.removeKeys(change, call); });
}

core::KubeResult<bool> VersionedApi::remove(apply::KeyChange const& change,
                                            apply::KubeCall const& call) {
  return admitted<bool>(call, [&] { return api_.remove(change, call); });
}

}  // namespace kms_secretd::app

// SPDX-License-Identifier: Apache-2.0
#include "alicloud/refreshing_provider.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

#include <kms-secretd/plugin.hpp>

#include "alicloud/guarded.hpp"
#include "alicloud/refresh_rule.hpp"

namespace kms_secretd::alicloud {
namespace {

// A waiter looks at its own deadline and cancellation this often.
constexpr sdk::Milliseconds waitingSlice{50};

bool isCancelled(CredentialRequest const& request) noexcept {
  return request.cancellation != nullptr && request.cancellation->requested();
}

}  // namespace

Jitter randomJitter() {
  auto generator = std::make_shared<Guarded<std::mt19937>>(std::mt19937(std::random_device()()));
  return [generator = std::move(generator)] {
    return generator->with(
        [](std::mt19937& random) { return std::uniform_real_distribution<>()(random); });
  };
}

RefreshingProvider::RefreshingProvider(std::unique_ptr<CredentialSource> source,
                                       sdk::Clock const& clock, Notice notice, Jitter jitter)
    : source_(std::move(source)),
      clock_(clock),
      notice_(std::move(notice)),
      jitter_(std::move(jitter)) {}

RefreshingProvider::Step RefreshingProvider::decide(State const& state,
                                                    CredentialRequest const& request,
                                                    sdk::BootTime now) {
  bool const good = state.current && state.current->isGoodAt(now);
  bool const refused = good && request.refused == state.current;
  if (good && !refused) {
    bool const due = now >= state.renewAt && now >= state.askAgainAt && !state.isAsking;
    return due ? Step::renew : Step::use;
  }
  if (state.isAsking) return Step::wait;
  if (refused && now < state.replaceAgainAt) return Step::use;
  if (state.lastFailure && now < state.askAgainAt) return Step::fail;
  return Step::replace;
}

sdk::Result<CredentialPtr> RefreshingProvider::run(CredentialRequest const& request) {
  while (true) {
    auto const now = clock_.boot();
    CredentialPtr current;
    std::optional<sdk::Failure> failure;
    auto const step = state_.with([&](State& state) {
      auto const decided = decide(state, request, now);
      if (decided == Step::renew || decided == Step::replace) state.isAsking = true;
      current = state.current;
      failure = state.lastFailure;
      return decided;
    });
    if (step == Step::use) return current;
    if (step == Step::fail) return std::move(*failure);
    if (step != Step::wait) return ask(request, step);
    if (isCancelled(request)) {
      return sdk::Failure{.message = "cancelled while another read renews the credential"};
    }
    if (now >= request.deadline) {
      return sdk::Failure{.kind = sdk::FailureKind::timed_out,
                          .message = "the credential was not issued in time"};
    }
    state_.waitFor(waitingSlice, [](State const& state) { return !state.isAsking; });
  }
}

sdk::Result<CredentialPtr> RefreshingProvider::ask(CredentialRequest const& request, Step step) {
  auto limited = request;
  auto const now = clock_.boot();
  // Renewing ahead must leave the caller time for its own request.
  if (step == Step::renew && request.deadline > now) {
    limited.deadline = now + (request.deadline - now) / 2;
  }
  auto issued = sdk::guarded([&] { return source_->issue(limited); });
  auto const jitter = jitter_();
  auto answer = state_.with([&](State& state) {
    state.isAsking = false;
    // What one caller gave up is no news for the others.
    if (!issued && isCancelled(request)) return std::move(issued);
    return settle(state, std::move(issued), step, jitter);
  });
  state_.tellAll();
  return answer;
}

sdk::Result<CredentialPtr> RefreshingProvider::settle(State& state,
                                                      sdk::Result<CredentialPtr> issued, Step step,
                                                      double jitter) {
  auto const now = clock_.boot();
  if (issued) {
    if (step == Step::replace && state.current) state.replaceAgainAt = now + pauseAfterForced;
    keep(state, std::move(issued).value(), jitter);
    return state.current;
  }
  state.lastFailure = issued.failure();
  state.askAgainAt = now + pauseAfterFailure;
  if (step == Step::replace || !state.current->isGoodAt(now)) return std::move(issued.failure());
  auto const lifetime = *state.current->life().goodUntil - state.obtained;
  state.askAgainAt = now + pauseBetweenRenewals(lifetime);
  if (notice_ && !std::exchange(state.saidThatItFails, true)) {
    auto const left =
        std::chrono::floor<std::chrono::seconds>(*state.current->life().goodUntil - now);
    notice_("the credential could not be renewed ahead of its end; the one in use is good for " +
            std::to_string(left.count()) + " s more: " + issued.failure().message);
  }
  return state.current;
}

void RefreshingProvider::keep(State& state, CredentialPtr issued, double jitter) {
  auto const now = clock_.boot();
  state.lastFailure.reset();
  state.saidThatItFails = false;
  // Issuers hand out the same set until its end is near: the same object, so that callers see
  // nothing new.
  if (!state.current || !(*state.current == *issued)) {
    state.current = std::move(issued);
    state.obtained = now;
  }
  auto const until = state.current->life().goodUntil;
  if (!until) {
    state.renewAt = sdk::BootTime::max();
    return;
  }
  state.renewAt = std::max(refreshTime(state.obtained, *until, jitter),
                           now + pauseBetweenRenewals(*until - state.obtained));
}

sdk::Result<CredentialPtr> RefreshingProvider::get(CredentialRequest const& request) noexcept {
  return sdk::guarded([&] { return run(request); });
}

}  // namespace kms_secretd::alicloud

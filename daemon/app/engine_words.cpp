// SPDX-License-Identifier: Apache-2.0
// What the main loop tells people between the rounds: stores, watches, logins, the status line.
#include <string>
#include <utility>
#include <vector>

#include "app/engine.hpp"

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds watchLookInterval = 1s;
constexpr sdk::Milliseconds loginLookInterval = 5s;

}  // namespace

void Engine::sayStores() {
  for (auto const& store : schedule_.stores(around_.clock.boot())) {
    auto const wasSilent = silentStores_.contains(store.name);
    if (store.breakerOpen == wasSilent) continue;
    std::vector<report::LogField> fields{{"KMS_SECRETD_STORE", store.name}};
    if (store.breakerOpen) {
      silentStores_.insert(store.name);
      around_.reporter.event(report::EventId::store_silent,
                             "store " + store.name +
                                 " does not answer; its Secrets keep their last good values and "
                                 "it is probed every 5 to 60 s: check network, proxy and endpoint",
                             std::move(fields));
    } else {
      silentStores_.erase(store.name);
      around_.reporter.event(report::EventId::store_back, "store " + store.name + " answers again",
                             std::move(fields));
    }
  }
}

void Engine::sayNotices() {
  for (auto const& notice : world_->takeNotices()) {
    around_.reporter.event(report::EventId::store_notice,
                           "store " + notice.store + ": " + notice.text,
                           {{"KMS_SECRETD_STORE", notice.store}});
  }
}

void Engine::sayManners() {
  for (auto const& [name, link] : world_->links()) news_.sayManners(*link);
}

void Engine::sayWatches() {
  auto const now = around_.clock.boot();
  if (now < nextWatchLook_) return;
  nextWatchLook_ = now + watchLookInterval;
  for (auto const& [name, link] : world_->links()) news_.sayWatch(*link);
}

void Engine::saySweeps() {
  for (auto const& [name, link] : world_->links()) {
    for (auto& news : link->sweep()->takeNews()) {
      around_.reporter.event(news.event, std::move(news.message), std::move(news.fields));
    }
  }
}

void Engine::sayLogins() {
  auto const now = around_.clock.boot();
  if (now < nextLoginLook_) return;
  nextLoginLook_ = now + loginLookInterval;
  for (auto const& [name, link] : world_->links()) {
    if (link->loginChanged()) schedule_.loginChanged(name, now);
    news_.sayLogin(*link);
  }
  sayCredentials();
  if (auto outdated = outdated_.look()) {
    around_.reporter.event(report::EventId::credential_outdated, std::move(*outdated));
  }
}

// A store that refused its credential need not wait for its next try once there is a newer one.
void Engine::sayCredentials() {
  for (auto const& store : world_->lookAtCredentials()) {
    schedule_.credentialsChanged(store, around_.clock.boot());
  }
  for (auto& news : credentials_.look(world_->credentialEnds(), around_.clock.wall())) {
    around_.reporter.event(report::EventId::store_credential_expiring, std::move(news.text),
                           {{"KMS_SECRETD_STORE", news.store}});
  }
}

void Engine::sayStatus() {
  auto const& registry = around_.reporter.status();
  auto status = registry.summary(schedule_.targets()) + registry.advice() + outdated_.status();
  for (auto const& [name, link] : world_->links()) {
    if (auto* const sweep = link->sweep()) status += sweep->sentence();
  }
  if (auto const leading = leadershipSentence(*world_); !leading.empty()) {
    status = leading + "; " + status;
  }
  if (status == saidStatus_) return;
  around_.service.status(status);
  saidStatus_ = std::move(status);
}

}  // namespace kms_secretd::app

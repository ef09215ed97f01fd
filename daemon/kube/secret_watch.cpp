// SPDX-License-Identifier: Apache-2.0
#include "kube/secret_watch.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/marks.hpp"
#include "platform/wait.hpp"

namespace kms_secretd::kube {

std::vector<WatchScope> watchScopes(core::Config const& config) {
  std::map<std::string, bool> labelled;  // by namespace: all of its targets carry our label
  for (auto const& target : config.targets) {
    auto const at = labelled.try_emplace(target->id.namespaceName, true).first;
    at->second = at->second && target->creation == core::CreationPolicy::owner;
  }
  auto const selector = std::string(core::marks::instanceLabel) + "=" + config.instance;
  std::vector<WatchScope> scopes;
  for (auto const& [name, byLabel] : labelled) {
    scopes.push_back({.namespaceName = name, .labelSelector = byLabel ? selector : ""});
  }
  return scopes;
}

SecretWatch::SecretWatch(core::Config const& config, std::shared_ptr<Connection> connection,
                         sdk::Clock const& clock)
    : scopes_(watchScopes(config)),
      connection_(std::move(connection)),
      clock_(clock),
      store_(config.targets, config.fieldManager(), config.instance),
      unlisted_(scopes_.size()) {
  if (scopes_.empty()) listed_.request();
}

SecretWatch::~SecretWatch() { stop(); }

void SecretWatch::start(ObservationListener& listener) {
  for (auto const& scope : scopes_) {
    watches_.push_back(
        std::make_unique<NamespaceWatch>(scope, WatchContext{.connection = *connection_,
                                                             .store = store_,
                                                             .listener = listener,
                                                             .clock = clock_,
                                                             .cancellation = stop_}));
  }
  for (auto const& watch : watches_) {
    threads_.emplace_back([this, &watch = *watch] { run(watch); });
  }
}

void SecretWatch::run(NamespaceWatch& watch) {
  bool attempted = false;
  while (!stop_.requested()) {
    auto const wait = watch.step();
    if (!attempted && watch.state().attempted) {
      attempted = true;
      if (--unlisted_ == 0) listed_.request();
    }
    if (wait == sdk::Milliseconds::zero()) continue;
    platform::WaitScope const pause{
        .clock = clock_, .deadline = clock_.boot() + wait, .cancellation = &stop_};
    static_cast<void>(platform::waitFor(-1, 0, pause));
  }
}

void SecretWatch::stop() {
  stop_.request();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

bool SecretWatch::waitForLists(sdk::BootTime deadline,
                               sdk::Cancellation const* cancellation) const {
  platform::WaitScope const scope{
      .clock = clock_, .deadline = deadline, .cancellation = &listed_, .stop = cancellation};
  static_cast<void>(platform::waitFor(-1, 0, scope));
  return listed_.requested();
}

std::vector<WatchState> SecretWatch::states() {
  std::vector<WatchState> states;
  for (auto const& watch : watches_) states.push_back(watch->state());
  return states;
}

}  // namespace kms_secretd::kube

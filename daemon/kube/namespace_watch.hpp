// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>

#include "core/kube_failure.hpp"
#include "kube/connection.hpp"
#include "kube/observation_listener.hpp"
#include "kube/observed_store.hpp"
#include "kube/watch_requests.hpp"
#include "kube/watch_sinks.hpp"
#include "platform/guarded.hpp"

namespace kms_secretd::kube {

/// What a watch works with; all of it outlives the watch.
struct WatchContext {
  Connection& connection;
  ObservedStore& store;
  ObservationListener& listener;
  sdk::Clock const& clock;
  sdk::Cancellation const& cancellation;
};

/// How a watch is doing, for the status.
struct WatchState {
  std::string namespaceName{};
  bool attempted = false;  ///< the first list was read, or has failed
  bool listed = false;     ///< a whole list was read
  std::string problem{};   ///< why it does not follow now; empty = it does
};

/// Follows the Secrets of one scope: lists them in pages, watches from there with bookmarks,
/// resumes where it was cut, and lists again when the server has forgotten that place (410). Lives
/// on one thread, which calls step() again and again; state() may be called from any.
class NamespaceWatch {
 public:
  NamespaceWatch(WatchScope scope, WatchContext context);
  NamespaceWatch(NamespaceWatch const&) = delete;
  NamespaceWatch& operator=(NamespaceWatch const&) = delete;

  /// Does one list or follows one watch to its end. Returns how long to wait before the next step.
  [[nodiscard]] sdk::Milliseconds step();
  [[nodiscard]] WatchState state();

 private:
  struct End;
  sdk::Milliseconds list();
  sdk::Milliseconds follow();
  sdk::Milliseconds ended(EventSink const& events, sdk::Milliseconds lasted);
  [[nodiscard]] std::optional<core::KubeFailure> readPages(ListSink& pages, bool& expired);
  [[nodiscard]] End exchange(sdk::HttpRequest&& request, char const* verb, JsonItems& items);
  void settle(ListSink const& list);
  sdk::Milliseconds listAgain();
  sdk::Milliseconds failed(core::KubeFailure const& failure);
  [[nodiscard]] sdk::Milliseconds pause() const;
  [[nodiscard]] WatchTarget target() const;

  WatchScope const scope_;
  WatchContext const context_;
  std::string resumeFrom_{};  // resourceVersion; empty = list first
  unsigned failures_ = 0;     // in a row
  platform::Guarded<WatchState> state_;
};

}  // namespace kms_secretd::kube

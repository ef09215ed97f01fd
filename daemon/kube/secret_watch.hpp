// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>

#include "core/config.hpp"
#include "kube/connection.hpp"
#include "kube/namespace_watch.hpp"
#include "kube/observation_listener.hpp"
#include "kube/observed_store.hpp"
#include "platform/stop.hpp"

namespace kms_secretd::kube {

/// Watches the metadata of all configured targets of one cluster: a thread and a connection for
/// each of their namespaces, since rights are given by namespace. A namespace with merge targets
/// is watched whole, for those carry no label of ours; the others by our label. Made, started and
/// stopped on one thread; the rest may be called from any.
class SecretWatch {
 public:
  /// `clock` outlives the watch. Opens nothing yet.
  SecretWatch(core::Config const& config, std::shared_ptr<Connection> connection,
              sdk::Clock const& clock);
  /// Stops.
  ~SecretWatch();
  SecretWatch(SecretWatch const&) = delete;
  SecretWatch& operator=(SecretWatch const&) = delete;

  /// Starts the threads, once; `listener` outlives the watching. Throws std::system_error where
  /// no thread can be had (cannot start).
  void start(ObservationListener& listener);
  /// Ends them; returns within a second. The record stays readable.
  void stop();

  /// Waits until every namespace has been listed or has failed to be. False if the deadline passed
  /// or `cancellation` (optional) was requested before.
  bool waitForLists(sdk::BootTime deadline, sdk::Cancellation const* cancellation) const;
  /// What is known of the targets.
  [[nodiscard]] ObservedStore& store() noexcept { return store_; }
  /// How each namespace's watch is doing.
  [[nodiscard]] std::vector<WatchState> states();

 private:
  void run(NamespaceWatch& watch);

  std::vector<WatchScope> const scopes_;
  std::shared_ptr<Connection> connection_;  // shared with the client of the same cluster
  sdk::Clock const& clock_;
  ObservedStore store_;
  platform::EventCancellation stop_;
  platform::EventCancellation listed_;  // an event that happens once, to be waited for
  std::atomic<std::size_t> unlisted_;
  std::vector<std::unique_ptr<NamespaceWatch>> watches_{};
  std::vector<std::thread> threads_{};
};

/// The scopes to watch for these targets, which are of one cluster, sorted by namespace. Pure.
[[nodiscard]] std::vector<WatchScope> watchScopes(core::Config const& config);

}  // namespace kms_secretd::kube

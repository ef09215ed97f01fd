// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "apply/kube_api.hpp"
#include "core/cluster_event.hpp"
#include "core/kube_failure.hpp"
#include "platform/guarded.hpp"
#include "platform/stop.hpp"
#include "report/event_series.hpp"
#include "report/events.hpp"

namespace kms_secretd::app {

/// What the sender works with; all of it outlives the sender.
struct EventSenderSettings {
  sdk::Clock const* clock = nullptr;
  /// One write; false where the object to be counted is gone.
  std::function<core::KubeResult<bool>(core::ClusterEventWrite const&, apply::KubeCall const&)>
      write{};
  std::function<bool()> leads{};  ///< false: nothing is written
  std::size_t waiting = 1000;     ///< how many may wait; further ones are dropped
};

/// What became of the events.
struct EventCounts {
  std::uint64_t written = 0;
  std::uint64_t folded = 0;   ///< counted, and told by a later write if there is one
  std::uint64_t dropped = 0;  ///< lost: too many waited, the server did not take them
};

/// Writes Kubernetes Events on a thread of its own, so that no round waits for them: they wait in a
/// bounded queue, and one that cannot be written is lost.
class EventSender {
 public:
  struct News {
    report::EventId id;
    std::string text;
  };

  explicit EventSender(EventSenderSettings settings);
  ~EventSender();
  EventSender(EventSender const&) = delete;
  EventSender& operator=(EventSender const&) = delete;

  /// Begins. Throws std::system_error where no thread can be had (cannot start).
  void start();
  /// Ends, within a second; what waits is lost. Again is nothing.
  void stop();
  /// Takes an event without its message, which `words` makes if it is to be written: not where too
  /// many wait or too much was told. Never waits itself. Any thread.
  void offer(core::ClusterEvent const& event, std::function<std::string()> const& words);
  /// Waits until all that was offered is written or lost, at most so long. Any thread.
  void drain(sdk::Milliseconds most);
  /// Since the start. Any thread.
  [[nodiscard]] EventCounts counts();
  /// What was found since the last call. Any thread.
  [[nodiscard]] std::vector<News> takeNews();

  /// Writes what waits. Called by the thread; by tests without one.
  void work();

 private:
  struct State {
    std::deque<core::ClusterEventWrite> waiting{};
    bool busy = false;  // one is being written
    report::EventSeries series{};
    std::map<std::string, sdk::BootTime> quietUntil{};  // namespaces where the right is missing
    sdk::BootTime allQuietUntil{sdk::BootTime::min()};
    EventCounts counts{};
    std::vector<News> news{};
  };

  void run();
  [[nodiscard]] std::optional<core::ClusterEventWrite> admit(core::ClusterEvent const& event);
  [[nodiscard]] std::optional<core::ClusterEventWrite> next();
  void deliver(core::ClusterEventWrite write);
  void send(core::ClusterEventWrite write);
  void written(std::string const& namespaceName);
  void failed(core::ClusterEventWrite const& write, core::KubeFailure const& failure);
  void lost(core::ClusterEventWrite const& write);
  [[nodiscard]] bool quiet(State const& state, std::string const& namespaceName) const;
  [[nodiscard]] report::Moment now() const;
  void count(std::uint64_t EventCounts::*what);

  EventSenderSettings const settings_;
  platform::EventCancellation stop_{};
  platform::Guarded<State> state_{};
  std::condition_variable changed_{};
  // The thread's own.
  std::set<std::string> saidNamespaces_{};
  std::thread thread_{};
};

}  // namespace kms_secretd::app

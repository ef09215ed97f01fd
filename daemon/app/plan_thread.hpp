// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include <kms-secretd/clock.hpp>

#include "control/plan_under_way.hpp"
#include "platform/guarded.hpp"
#include "platform/wake_event.hpp"

namespace kms_secretd::app {

/// Makes one plan at a time beside the main loop, which is told what the plan reads. Main thread.
class PlanThread {
 public:
  /// Counts a read of a store; on the plan's thread.
  using Spend = std::function<void(std::string const& store)>;
  /// Makes the plan's document on the plan's thread, and returns early once `ending` is requested.
  using Work =
      std::function<std::string(platform::EventCancellation const& ending, Spend const& spend)>;

  PlanThread() = default;
  /// Ends and joins.
  ~PlanThread();
  PlanThread(PlanThread const&) = delete;
  PlanThread& operator=(PlanThread const&) = delete;

  /// True while one is made.
  [[nodiscard]] bool busy() const noexcept { return thread_.joinable(); }
  /// Begins; not while busy(). What `work` holds is given up by collect(), on the main thread.
  /// Throws std::system_error where no thread can be had.
  void begin(std::shared_ptr<control::PlanUnderWay> plan, Work work);
  /// The reads of each store since the last call; joins a thread that is over.
  [[nodiscard]] std::map<std::string, std::uint32_t> collect();
  /// Asks the plan under way to end.
  void end() noexcept;
  /// Waits for that; false if it did not end within `patience`.
  [[nodiscard]] bool drain(sdk::Milliseconds patience);
  /// Readable when there is something to collect.
  [[nodiscard]] int wakeFd() const noexcept { return wake_.fd(); }

 private:
  struct State {
    std::map<std::string, std::uint32_t> spent{};
    bool over = false;
  };
  void run();
  void join();

  platform::Guarded<State> state_{};
  std::condition_variable over_{};
  platform::WakeEvent wake_{};
  std::shared_ptr<control::PlanUnderWay> plan_{};  // shared with the server, which may leave it
  Work work_{};
  std::thread thread_{};
};

}  // namespace kms_secretd::app

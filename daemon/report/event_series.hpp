// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include <kms-secretd/clock.hpp>

#include "core/cluster_event.hpp"

namespace kms_secretd::report {

/// When something happened, by both clocks.
struct Moment {
  sdk::BootTime boot{};
  sdk::WallTime wall{};
};

/// How much may be told. The figures of client-go for one object, and a bound for all together that
/// a first sync of thousands of Secrets does not push through etcd.
struct EventLimits {
  double objectBurst = 25;
  sdk::Milliseconds objectRefill{300'000};  ///< one more write about an object
  double burst = 200;
  sdk::Milliseconds refill{100};  ///< one more write about any object
  double goodBurst = 50;          ///< of these for what is no warning: it must not crowd them out,
  sdk::Milliseconds goodRefill{1'000};  ///< nor cost a first sync's API server much
  sdk::Milliseconds together{600'000};  ///< a repeat within this is counted, not told anew
  std::size_t remembered = 1024;        ///< series, and objects; the longest silent are forgotten
};

/// Makes few writes of many events: the same reason about the same object again is a count, and
/// objects that are told of too often wait. What is not written is counted all the same, and shows
/// with the next write. Pure: time is passed in. One thread at a time.
class EventSeries {
 public:
  explicit EventSeries(EventLimits limits = {}) : limits_(limits) {}

  /// Something happened. The write that tells of it, or nothing while too much was told.
  [[nodiscard]] std::optional<core::ClusterEventWrite> admit(core::ClusterEvent const& event,
                                                             Moment now);
  /// The object of a count is gone from the cluster (they live for an hour there): the write that
  /// tells all of it anew.
  [[nodiscard]] core::ClusterEventWrite anew(core::ClusterEventWrite write, Moment now);
  /// A new object could not be written: the next event of its kind is one.
  void lost(core::ClusterEventWrite const& write);

  /// How many series and objects are remembered.
  [[nodiscard]] std::size_t remembered() const noexcept { return series_.size() + budgets_.size(); }

 private:
  struct Budget {
    double tokens = 0;
    sdk::BootTime at{};  // when tokens were right
  };
  struct Series {
    std::string name{};       // of the Event object; empty before the first write
    std::uint32_t count = 0;  // how often it happened
    bool told = false;        // the object is there
    sdk::WallTime first{};
    sdk::BootTime at{};
  };
  using Key = std::tuple<core::TargetId, std::string, std::string>;  // about, uid, reason

  [[nodiscard]] Series& seriesOf(core::ClusterEvent const& event, Moment now);
  [[nodiscard]] bool affords(core::ClusterEvent const& event, sdk::BootTime now);
  [[nodiscard]] std::string freshName(core::ClusterEvent const& event, Moment now);

  EventLimits limits_;
  Budget all_{};
  Budget good_{};       // of what is no warning
  bool begun_ = false;  // both were filled
  std::uint64_t named_ = 0;
  std::map<Key, Series> series_{};
  std::map<core::TargetId, Budget> budgets_{};
};

}  // namespace kms_secretd::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "platform/stop.hpp"

namespace kms_secretd::app {

/// The times of leading, one for each cluster: while one lasts, rounds of that cluster may begin;
/// its end cancels those under way, and no other cluster's. Main thread.
class Reigns {
 public:
  /// True while a reign over the cluster lasts.
  [[nodiscard]] bool lasts(std::string const& cluster) const { return reigns_.contains(cluster); }
  /// True while any lasts.
  [[nodiscard]] bool any() const noexcept { return !reigns_.empty(); }
  /// Begins one. There must be none.
  void begin(std::string const& cluster);
  /// Ends it and asks its rounds to end; nothing if there is none.
  void end(std::string const& cluster);
  /// Ends all.
  void endAll();
  /// Ends those over clusters that are not among `clusters`.
  template <class Clusters>
  void keepOnly(Clusters const& clusters);
  /// What ends the rounds of a reign that lasts: shared with them.
  [[nodiscard]] std::shared_ptr<platform::EventCancellation> cancellation(
      std::string const& cluster) const {
    return reigns_.at(cluster);
  }

 private:
  std::map<std::string, std::shared_ptr<platform::EventCancellation>> reigns_;
};

template <class Clusters>
void Reigns::keepOnly(Clusters const& clusters) {
  for (auto at = reigns_.begin(); at != reigns_.end();) {
    auto const reign = at++;
    if (!clusters.contains(reign->first)) end(std::string(reign->first));
  }
}

}  // namespace kms_secretd::app

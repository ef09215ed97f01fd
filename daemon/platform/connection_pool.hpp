// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "platform/connection.hpp"
#include "platform/guarded.hpp"

namespace kms_secretd::platform {

/// Connections that wait for their next request, the latest used first. Any thread.
class ConnectionPool {
 public:
  /// `clock` outlives the pool.
  explicit ConnectionPool(sdk::Clock const& clock) : clock_(clock) {}

  /// A connection that was alive a moment ago, or null. Drops those that are too old or closed by
  /// the peer.
  [[nodiscard]] std::unique_ptr<Connection> take();
  /// Keeps a connection whose last exchange ended well.
  void give(std::unique_ptr<Connection> connection);

 private:
  struct Idle {
    std::unique_ptr<Connection> connection{};
    sdk::BootTime since{};
  };
  /// Takes those that waited too long out of `idle`.
  [[nodiscard]] std::vector<Idle> expired(std::vector<Idle>& idle) const;
  std::unique_ptr<Connection> pop();

  sdk::Clock const& clock_;
  Guarded<std::vector<Idle>> idle_{};  ///< the oldest first
};

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <kms-secretd/clock.hpp>

#include "core/names.hpp"

namespace kms_secretd::core {

/// What the users of a cluster are told of one Secret: a Kubernetes Event before it is counted.
struct ClusterEvent {
  TargetId about{};
  std::string uid{};      ///< of the Secret; empty = it is not there, or not known
  bool warning = false;   ///< type Warning (else Normal)
  std::string reason{};   ///< CamelCase, stable: people filter by it
  std::string message{};  ///< what, why, what to do; no value; at most maxEventMessage bytes
};

/// The API's longest message.
inline constexpr std::size_t maxEventMessage = 1024;

/// One write of an Event object: a new one, or the growing count of one that is there.
struct ClusterEventWrite {
  ClusterEvent event{};
  bool isNew = true;
  std::string name{};       ///< of the Event object, in the Secret's namespace
  std::uint32_t count = 1;  ///< how often it has happened
  sdk::WallTime first{};    ///< when for the first time
  sdk::WallTime last{};     ///< when for the last time
};

}  // namespace kms_secretd::core

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <kms-secretd/clock.hpp>

namespace kms_secretd::core {

/// Who leads, as the Lease in the cluster says it (the spec of coordination.k8s.io/v1, as client-go
/// uses it). The times are for people: nobody decides anything by another node's clock.
struct LeaseRecord {
  std::string holder{};           ///< identity of the leader; empty: nobody leads
  sdk::Milliseconds duration{0};  ///< how long an unchanged record is respected
  std::string acquireTime{};      ///< metav1.MicroTime, as written
  std::string renewTime{};        ///< metav1.MicroTime, as written
  std::int64_t transitions = 0;   ///< how often the leader changed
  friend bool operator==(LeaseRecord const&, LeaseRecord const&) = default;
};

/// Namespace and name of a Lease.
struct LeasePlace {
  std::string namespaceName{};
  std::string name{};
  friend bool operator==(LeasePlace const&, LeasePlace const&) = default;
};

}  // namespace kms_secretd::core

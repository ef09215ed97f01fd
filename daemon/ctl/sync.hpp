// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/clock.hpp>

#include "ctl/client.hpp"

namespace kms_secretd::ctl {

/// What is to be synced: exactly one of the three.
struct SyncWish {
  std::string target{};  ///< "NAMESPACE/NAME"
  std::string store{};
  bool all = false;
  bool wait = false;                   ///< until the rounds have ended
  sdk::Milliseconds longest{120'000};  ///< to wait
};

/// Asks for rounds, and says of each how it ended if that is waited for; the exit code. Throws
/// Unreachable.
[[nodiscard]] int runSync(Client const& client, SyncWish const& wish);

}  // namespace kms_secretd::ctl

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "ctl/client.hpp"

namespace kms_secretd::ctl {

/// What is to be planned, and how.
struct PlanWish {
  std::vector<std::string> targets{};  ///< "[cluster:]namespace/name" each; empty: all
  bool inForce = false;                ///< by the configuration in force, not the one on disk
  bool offline = false;                ///< by the daemon's program, without the running daemon
  std::chrono::seconds longest{600};   ///< then what is known by then
};

/// The document of a plan, and the exit code that it deserves.
struct PlanReport {
  int code = 0;
  std::string document{};  ///< JSON; empty where there is none, which was said on stderr
};

/// Has the running daemon make the plan, and waits for it. Nothing where no daemon runs; throws
/// Unreachable where one does that cannot be asked.
[[nodiscard]] std::optional<PlanReport> planOverSocket(Client const& client, PlanWish const& wish);

}  // namespace kms_secretd::ctl

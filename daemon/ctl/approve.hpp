// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ctl/client.hpp"

namespace kms_secretd::ctl {

/// What is to be approved: exactly one of the two.
struct ApproveWish {
  std::string target{};    ///< "namespace/name"
  bool deletions = false;  ///< the held deletions
};

/// Shows the change that is held and approves exactly that; the exit code. Throws Unreachable.
[[nodiscard]] int runApprove(Client const& client, ApproveWish const& wish);

}  // namespace kms_secretd::ctl

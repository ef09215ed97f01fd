// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "ctl/screen.hpp"

// What the daemon's program found out without a daemon, as people read it. Pure.
namespace kms_secretd::ctl {

/// One line for each check of `kms-secretd --doctor`, and a count.
void showDoctor(Screen& screen, boost::json::object const& report);
/// Each Secret of `kms-secretd --plan` with its keys, those that need nothing in one line, and a
/// count.
void showPlan(Screen& screen, boost::json::object const& report);

}  // namespace kms_secretd::ctl

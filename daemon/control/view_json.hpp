// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "control/view.hpp"

// The documents of docs/control-api.md. Fields are only ever added. Pure; any thread.
namespace kms_secretd::control {

/// "2026-11-27T20:15:55Z".
[[nodiscard]] std::string utcText(sdk::WallTime time);

/// What a failing or contested target means for its Secret, as a sentence; empty where all is well.
[[nodiscard]] std::string effectOf(TargetView const& target);

/// Why the daemon is not ready to keep Secrets in sync; empty = it is.
[[nodiscard]] std::vector<std::string> notReadyReasons(Snapshot const& snapshot);

/// GET /v1/status: everything but the well targets.
[[nodiscard]] boost::json::object statusJson(Snapshot const& snapshot);
/// GET /v1/targets: one row each.
[[nodiscard]] boost::json::object targetsJson(Snapshot const& snapshot);
/// GET /v1/targets/{namespace}/{name}: all that is known of one.
[[nodiscard]] boost::json::object targetJson(TargetView const& target);
/// POST /v1/sync.
[[nodiscard]] boost::json::object syncJson(SyncReply const& reply);

}  // namespace kms_secretd::control

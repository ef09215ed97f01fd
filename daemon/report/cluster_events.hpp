// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/cluster_event.hpp"
#include "core/outcome.hpp"

namespace kms_secretd::report {

/// What the cluster's users are told of a round: that the Secret was written, why it was not, and
/// that it is well again (`failedBefore`). Nothing of an unchanged one, nor where the trouble is
/// the API server's own or an Event could not be written either (no such namespace). Without its
/// message, for most are counted only. Pure; any thread, as below.
[[nodiscard]] std::optional<core::ClusterEvent> clusterEventOf(core::Outcome const& outcome,
                                                               bool failedBefore);

/// The message of that event: the journal's words.
[[nodiscard]] std::string messageOf(core::Outcome const& outcome);

}  // namespace kms_secretd::report

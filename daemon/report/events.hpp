// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace kms_secretd::report {

/// How loud a line is; the numbers are those of syslog.
enum class Severity : std::uint8_t { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

/// Everything that the operator may read. Append only: scripts and alerts hang on the names.
enum class EventId : std::uint8_t {
  started,
  ready,
  stopping,
  stopped,
  configuration_rejected,
  configuration_warning,
  reloaded,
  reload_failed,
  demand_high,
  secret_created,
  secret_updated,
  secret_healed,
  secret_adopted,
  secret_recreated,
  secret_unchanged,
  secret_recovered,
  secret_refused,
  secret_contested,
  fetch_failed,
  render_failed,
  apply_failed,
  store_silent,
  store_back,
  cluster_silent,
  cluster_back,
  watch_broken,
  watch_back,
  login_expiring,
  login_not_taken,
  login_renewed,
  login_not_renewed,
  login_expired,
  round_stuck,
  memory_unlocked,
  store_credential_expiring,
  rotation_broken,
  store_notice,
  credential_outdated,
  control_unavailable,
  leader_gained,
  leader_lost,
  leader_other,
  lease_trouble,
  definitions_differ,
  definitions_agree,
  events_refused,
  cluster_too_old,
  cluster_version_unknown,
  secret_held,
  secret_deleted,
  deletions_held,
  deletion_trouble,
  failures_alike,
  failures_ended,
};

/// One row of the catalogue.
struct EventRow {
  EventId id;
  char const* name;  ///< stable, e.g. "SECRET_CREATED"; journal field KMS_SECRETD_EVENT
  Severity severity;
  char const* messageId;  ///< journal field MESSAGE_ID: 32 hex digits, stable
  char const* advice;     ///< a paragraph for the operator: docs/troubleshoot.md is made of these
};

/// The catalogue, one row for each id, in order.
[[nodiscard]] std::span<EventRow const> eventCatalogue() noexcept;
/// The row of `id`.
[[nodiscard]] EventRow const& rowOf(EventId id) noexcept;

}  // namespace kms_secretd::report

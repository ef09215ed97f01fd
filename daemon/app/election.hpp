// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <kms-secretd/clock.hpp>

#include "core/lease.hpp"

namespace kms_secretd::app {

/// Who stands for election and how long a lease lives; the other times follow from it as client-go
/// has them: 15 s, 10 s and 2 s.
struct ElectionSettings {
  std::string identity{};  ///< unlike that of any other process
  sdk::Milliseconds lease{15'000};

  /// After so long without a renewal a leader gives up by itself.
  [[nodiscard]] sdk::Milliseconds renewDeadline() const noexcept { return lease * 2 / 3; }
  /// How often a leader renews and a candidate looks.
  [[nodiscard]] sdk::Milliseconds retry() const noexcept { return lease * 2 / 15; }
};

/// What a leader may do. Both times are 0 where nobody leads here.
struct LeaseWindow {
  sdk::BootTime beginBefore{};  ///< a write must begin before this
  sdk::BootTime endBy{};        ///< and be over by then: 2 s before anybody else may take over
};

/// The decisions of client-go's leader election. What other nodes wrote is judged by how long it
/// stays unchanged on the local boot-time clock, which goes on while the process or the machine
/// sleeps; never by their time stamps. Pure: time is passed in.
class Election {
 public:
  explicit Election(ElectionSettings settings) : settings_(std::move(settings)) {}

  /// The server holds `record` (nothing: there is no Lease), as a reply at `now` told.
  void observed(std::optional<core::LeaseRecord> const& record, sdk::BootTime now);
  /// True if the Lease is free, ours, or has stayed unchanged for as long as it says.
  [[nodiscard]] bool mayClaim(sdk::BootTime now) const;
  /// What to write to lead, or to go on leading.
  [[nodiscard]] core::LeaseRecord claim(sdk::WallTime now) const;
  /// The server took our `record`, which was sent at `sentAt`: from then on we lead, for nobody
  /// else can have seen it earlier.
  void claimed(core::LeaseRecord const& record, sdk::BootTime sentAt, sdk::BootTime now);
  /// What to write at the end, so that another need not wait; only where the Lease is ours.
  [[nodiscard]] core::LeaseRecord released(sdk::WallTime now) const;

  /// True while this process may begin to work.
  [[nodiscard]] bool leads(sdk::BootTime now) const { return now < window().beginBefore; }
  /// The bounds of what a leader begins now.
  [[nodiscard]] LeaseWindow window() const;
  /// When the Lease of somebody else becomes free, if nothing changes.
  [[nodiscard]] std::optional<sdk::BootTime> freeAt() const;
  /// True if the Lease names us, whether it is still in force or not.
  [[nodiscard]] bool ours() const;
  /// What the server was last known to hold.
  [[nodiscard]] std::optional<core::LeaseRecord> const& record() const noexcept { return record_; }
  [[nodiscard]] ElectionSettings const& settings() const noexcept { return settings_; }

 private:
  [[nodiscard]] sdk::Milliseconds respectedFor() const;

  ElectionSettings settings_;
  std::optional<core::LeaseRecord> record_{};
  sdk::BootTime changedAt_{};                 // when record_ was first seen so
  std::optional<sdk::BootTime> renewedAt_{};  // when the last claim that was taken was sent
};

}  // namespace kms_secretd::app

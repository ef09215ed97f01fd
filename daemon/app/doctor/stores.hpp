// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/backend.hpp>
#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>

#include "app/doctor/doctor_host.hpp"
#include "app/doctor/finding.hpp"
#include "core/config.hpp"
#include "platform/resolver.hpp"
#include "platform/stop.hpp"

namespace kms_secretd::app::doctor {

/// What a look at one store needs.
struct StoreLook {
  core::Config const& config;
  core::StoreConfig const& store;
  sdk::Backend& backend;
  sdk::Clock const& clock;
  sdk::Cancellation const& stop;
};

/// Asks who the daemon is at the store, and whether the first secret that is read from it may be
/// read. What is read is dropped. Takes up to three times the store's timeout.
void lookAtStore(StoreLook const& look, Findings& findings);

/// How many calls each store will be asked for. Pure.
void lookAtQuota(core::Config const& config, Findings& findings);

/// What a look at peers needs; all outlive it.
struct PeerLook {
  platform::TransportFactory& transports;
  platform::Resolver& resolver;
  sdk::Clock const& clock;
  platform::StopSignal const& stop;
};

/// Looks up the peer's name (or its proxy's), connects, and compares the clocks by the reply's
/// Date.
void lookAtPeer(Peer const& peer, PeerLook const& look, Findings& findings);

/// What a reply's Date says of this host's clock: the service's minus the host's. `whose` names the
/// service. Pure.
[[nodiscard]] Finding judgeClock(std::string const& whose, sdk::Milliseconds offset);

}  // namespace kms_secretd::app::doctor

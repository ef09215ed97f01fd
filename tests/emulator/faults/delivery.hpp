// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/faults/fault.hpp"
#include "emulator/net/http_reply.hpp"
#include "emulator/net/stream.hpp"
#include "emulator/net/wire.hpp"

namespace kms_secretd::emulator {

/// The client's end of a connection.
struct Outlet {
  Stream& stream;
  Wire& wire;
};

/// Writes the true reply; true if the connection goes on.
bool deliver(Outlet& outlet, const Reply& reply);

/// Writes `reply` the way the fault wants it (kinds that only replace the reply were applied
/// before, see session.cpp); true if the connection goes on.
bool deliverFaulty(Outlet& outlet, const Reply& reply, const Fault& fault);

/// Plays a `tls` fault on a fresh connection; afterwards the wire is to be closed.
void failConnection(Wire& wire, const Fault& fault);

}  // namespace kms_secretd::emulator

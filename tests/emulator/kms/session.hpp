// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "emulator/net/tls.hpp"
#include "emulator/net/wire.hpp"
#include "emulator/world.hpp"

namespace kms_secretd::emulator {

/// Serves one connection of the KMS port from the TLS handshake to its end, faults included.
/// Runs on the connection's thread.
void serveKms(World& world, const TlsContext& tls, Wire& wire, std::uint64_t connection);

}  // namespace kms_secretd::emulator

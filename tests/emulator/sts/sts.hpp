// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "emulator/exchange.hpp"
#include "emulator/net/http_reply.hpp"
#include "emulator/net/http_request.hpp"
#include "emulator/world.hpp"

namespace kms_secretd::emulator {

/// True if a request is for STS: STS stands behind the same port, told apart by its version.
bool isForSts(const Request& request);

/// STS OpenAPI 2015-04-01: AssumeRole and GetCallerIdentity, signed, and AssumeRoleWithOIDC, whose
/// token is verified against the keys that were registered for its provider. Says in `exchange`
/// what the request was and how it ended. Any thread.
Reply answerSts(World& world, const Request& request, Exchange& exchange);

}  // namespace kms_secretd::emulator

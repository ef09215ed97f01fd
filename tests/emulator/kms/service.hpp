// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/exchange.hpp"
#include "emulator/kms/errors.hpp"
#include "emulator/net/http_reply.hpp"
#include "emulator/net/http_request.hpp"
#include "emulator/world.hpp"

namespace kms_secretd::emulator {

/// KMS OpenAPI 2016-01-20: admits the request, runs the operation, renders the reply. Says in
/// `exchange` what the request was and how it ended. Any thread.
Reply answerKms(World& world, const Request& request, Exchange& exchange);

/// An error reply as the service would give it; faults use it too.
Reply renderError(const ApiError& error, const Exchange& exchange, const std::string& hostId,
                  bool json = true);

/// Date, request id and the other headers that every reply of the service carries.
void addCommonHeaders(World& world, Reply& reply, const Exchange& exchange);

/// The name by which the client called, for HostId.
std::string hostIdOf(const Request& request);

}  // namespace kms_secretd::emulator

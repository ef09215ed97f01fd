// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/exchange.hpp"
#include "emulator/kms/errors.hpp"
#include "emulator/net/http_reply.hpp"
#include "emulator/net/http_request.hpp"
#include "emulator/world.hpp"

namespace kms_secretd::emulator {

/// The name of this protocol in Exchange::scheme.
inline constexpr const char* kInstanceScheme = "dkms";

/// True for a request in the protocol of client keys, "dkms-gcs-0.2": protobuf and x-kms headers.
bool isInstanceRequest(const Request& request);

/// Verifies headers, digest, clock, client key and signature of such a request, runs the operation,
/// and answers in protobuf (KMS protocol 5). Says in `exchange` what it was. `peerCertificate` is
/// the PEM of the certificate that the client showed, or empty. Any thread.
Reply answerInstance(World& world, const Request& request, Exchange& exchange,
                     const std::string& peerCertificate);

/// An error reply of this protocol; faults use it too.
Reply renderInstanceError(const ApiError& error, const Exchange& exchange);

}  // namespace kms_secretd::emulator

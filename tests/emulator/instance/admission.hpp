// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "emulator/exchange.hpp"
#include "emulator/instance/client_keys.hpp"
#include "emulator/kms/errors.hpp"
#include "emulator/net/http_request.hpp"
#include "emulator/world.hpp"

namespace kms_secretd::emulator {

/// Checks a request of the instance protocol up to its signature, in the order of KMS protocol 5.5,
/// and says whose it is. Nothing = passed. Fills in `exchange` as far as it gets. Any thread.
std::optional<ApiError> admitInstance(World& world, const Request& request, Exchange& exchange,
                                      const std::string& peerCertificate, ClientKey& key);

}  // namespace kms_secretd::emulator

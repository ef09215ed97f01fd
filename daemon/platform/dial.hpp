// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <string>

#include "platform/wait.hpp"

namespace kms_secretd::platform {

/// A TCP connection to a numeric address, on a socket that never blocks. Throws NetError: where the
/// peer or the network refuses, a ConnectionLost that says what to do. Poco's exceptions end here.
[[nodiscard]] Poco::Net::StreamSocket dialTcp(std::string const& address, std::uint16_t port,
                                              WaitScope const& scope);

}  // namespace kms_secretd::platform

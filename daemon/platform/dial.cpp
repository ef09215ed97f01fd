// SPDX-License-Identifier: Apache-2.0
#include "platform/dial.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SocketAddress.h>
#include <poll.h>

#include <cerrno>

#include "platform/net_error.hpp"

namespace kms_secretd::platform {
namespace {

ConnectionLost lost(std::string const& address, int error) {
  return ConnectionLost("cannot connect to " + address + ": " + connectProblem(error));
}

}  // namespace

Poco::Net::StreamSocket dialTcp(std::string const& address, std::uint16_t port,
                                WaitScope const& scope) {
  Poco::Net::StreamSocket socket;
  try {
    socket.connectNB({Poco::Net::IPAddress(address), port});
    await(socket.impl()->sockfd(), POLLOUT, scope, "connecting");
    if (int const error = socket.impl()->socketError(); error != 0) throw lost(address, error);
    socket.setNoDelay(true);
  } catch (Poco::Exception const& error) {
    throw lost(address, error.code() != 0 ? error.code() : errno);
  }
  return socket;
}

}  // namespace kms_secretd::platform

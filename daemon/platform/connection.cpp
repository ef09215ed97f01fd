// SPDX-License-Identifier: Apache-2.0
#include "platform/connection.hpp"

#include <Poco/Net/IPAddress.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SecureStreamSocketImpl.h>
#include <Poco/Net/SocketAddress.h>
#include <openssl/err.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "platform/net_error.hpp"
#include "platform/resolver.hpp"

namespace kms_secretd::platform {
namespace {

using Poco::Net::SecureStreamSocket;
using Poco::Net::SecureStreamSocketImpl;

constexpr std::size_t pieceSize = 16 * 1024;  // one TLS record
constexpr char const* connecting = "connecting";
constexpr char const* shakingHands = "waiting for the TLS handshake";

// Poco reads errno and OpenSSL's queue after a failed step: what older steps left there would be
// taken for this step's error, or turn into an endless retry (a stale EAGAIN).
void forgetOldErrors() noexcept {
  if (ERR_peek_error() != 0) ERR_clear_error();  // looking is far cheaper than clearing
  errno = 0;
}

[[noreturn]] void throwLost(Poco::Exception const& error, char const* doing) {
  std::string const reason = reasonOf(error);
  throw ConnectionLost("the connection broke while " + std::string(doing) + ": " + reason +
                       tlsHint(reason));
}

SecureStreamSocketImpl& secureImpl(Poco::Net::StreamSocket const& socket) noexcept {
  return *static_cast<SecureStreamSocketImpl*>(socket.impl());
}

std::string namesOf(Poco::Net::X509Certificate const& certificate) {
  std::string commonName;
  std::set<std::string> domains;
  certificate.extractNames(commonName, domains);
  std::string names;
  for (auto const& each : domains) names += (names.empty() ? "" : ", ") + each;
  return names.empty() ? commonName : names;
}

}  // namespace

Connection::Connection(Poco::Net::StreamSocket socket) : socket_(std::move(socket)) {}

// The socket stays non-blocking, so that close() cannot hang in the TLS shutdown.
Connection::~Connection() = default;

std::unique_ptr<Connection> Connection::dial(std::string const& address, std::uint16_t port,
                                             WaitScope const& scope) {
  std::unique_ptr<Connection> connection(new Connection(Poco::Net::StreamSocket()));
  connection->connectTo(address, port, scope);
  return connection;
}

void Connection::connectTo(std::string const& address, std::uint16_t port, WaitScope const& scope) {
  auto const lost = [&](int error) {
    return ConnectionLost("cannot connect to " + address + ": " + connectProblem(error));
  };
  try {
    socket_.connectNB({Poco::Net::IPAddress(address), port});
    await(socket_.impl()->sockfd(), POLLOUT, scope, connecting);
    int const error = socket_.impl()->socketError();
    if (error != 0) throw lost(error);
    socket_.setNoDelay(true);
  } catch (Poco::Exception const& error) {
    throw lost(error.code() != 0 ? error.code() : errno);
  }
}

// Repeats one step until it made progress. Without TLS "not now" is -1 in both directions, with it
// -1 wants to read and -2 wants to write.
template <class Step>
int Connection::drive(Step step, short plainEvents, WaitScope const& scope, char const* doing) {
  int const fd = socket_.impl()->sockfd();
  for (;;) {
    forgetOldErrors();
    int const result = step();
    if (result >= 0) return result;
    short const wanted =
        result == SecureStreamSocket::ERR_SSL_WANT_WRITE ? short{POLLOUT} : short{POLLIN};
    await(fd, secured() ? wanted : plainEvents, scope, doing);
  }
}

void Connection::secure(std::shared_ptr<TlsContext> context, std::string const& host,
                        Poco::Net::Session::Ptr session, WaitScope const& scope) {
  // An earlier socket of the same number may have left its note behind.
  [[maybe_unused]] auto const earlier = context->takeRefusal(socket_.impl()->sockfd());
  context_ = std::move(context);
  // An address is no server name (RFC 6066, 3): Poco would send whatever it is given.
  std::string const serverName = isAddressLiteral(host) ? std::string() : host;
  try {
    socket_ = SecureStreamSocket::attach(socket_, serverName, context_->poco(), session);
  } catch (Poco::Exception const& error) {
    throwLost(error, shakingHands);
  }
  handshake(scope);
  verifyHost(host);
}

void Connection::handshake(WaitScope const& scope) {
  int const fd = socket_.impl()->sockfd();
  auto& socket = secureImpl(socket_);
  try {
    if (drive([&] { return socket.completeHandshake(); }, POLLIN, scope, shakingHands) == 0) {
      throw ConnectionLost("the peer closed the connection during the TLS handshake");
    }
  } catch (Poco::Exception const& error) {
    if (auto const refusal = context_->takeRefusal(fd)) {
      throw NetError(sdk::FailureKind::unavailable,
                     "the server's certificate is not trusted: " + *refusal);
    }
    std::string const reason = reasonOf(error);
    throw ConnectionLost("the TLS handshake failed: " + reason + tlsHint(reason));
  }
}

// Poco checks the name only in its own blocking handshake, not after an explicit one.
void Connection::verifyHost(std::string const& host) {
  auto& socket = secureImpl(socket_);
  try {
    socket.verifyPeerCertificate(host);
  } catch (Poco::Exception const&) {
    throw NetError(sdk::FailureKind::unavailable,
                   "the server's certificate is not valid for the host name " + host +
                       " (it is for: " + namesOf(socket.peerCertificate()) +
                       "); check the name, or the certificate on the server");
  }
}

void Connection::send(std::string_view bytes, WaitScope const& scope, char const* doing) {
  try {
    expectTime(scope, doing);  // immediately before the first byte leaves
    while (!bytes.empty()) {
      int const piece = static_cast<int>(std::min(bytes.size(), pieceSize));
      int const sent = drive([&] { return socket_.sendBytes(bytes.data(), piece, MSG_NOSIGNAL); },
                             POLLOUT, scope, doing);
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  } catch (Poco::Exception const& error) {
    throwLost(error, doing);
  }
}

std::size_t Connection::receive(char* into, std::size_t size, WaitScope const& scope,
                                char const* doing) {
  try {
    // Polling first saves a useless read; but what OpenSSL holds already, poll() does not show.
    if (!secured() || socket_.available() == 0) {
      await(socket_.impl()->sockfd(), POLLIN, scope, doing);
    }
    int const wanted = static_cast<int>(std::min(size, pieceSize));
    int const got = drive([&] { return socket_.receiveBytes(into, wanted); }, POLLIN, scope, doing);
    return static_cast<std::size_t>(got);
  } catch (Poco::Exception const& error) {
    throwLost(error, doing);
  }
}

bool Connection::stillQuiet() noexcept {
  try {
    if (secured() && socket_.available() > 0) return false;
    pollfd readable{socket_.impl()->sockfd(), POLLIN, 0};
    if (::poll(&readable, 1, 0) == 0) return true;
    if (!secured()) return false;
    // TLS may have sent a session ticket: then a read finds no data, and that is fine.
    char byte = 0;
    forgetOldErrors();
    return socket_.receiveBytes(&byte, 1) < 0;
  } catch (Poco::Exception const&) {
    return false;
  }
}

Poco::Net::Session::Ptr Connection::session() {
  if (!secured()) return nullptr;
  return secureImpl(socket_).currentSession();
}

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/Session.h>
#include <Poco/Net/StreamSocket.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/read_buffer.hpp"
#include "platform/tls_context.hpp"
#include "platform/wait.hpp"

namespace kms_secretd::platform {

/// One TCP connection, with TLS over it once secure() was called. The socket never blocks: every
/// step ends by progress, deadline or cancellation, also in a handshake or half a TLS record. All
/// functions throw NetError. One thread at a time.
class Connection {
 public:
  /// Connects to a numeric address.
  static std::unique_ptr<Connection> dial(std::string const& address, std::uint16_t port,
                                          WaitScope const& scope);
  ~Connection();
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;

  /// Puts TLS over the connection and verifies that the peer is `host`. `context` is kept.
  /// `session` may resume an earlier one; null = a full handshake.
  void secure(std::shared_ptr<TlsContext> context, std::string const& host,
              Poco::Net::Session::Ptr session, WaitScope const& scope);

  /// Sends all of `bytes`. `doing` ends "timed out while ...".
  void send(std::string_view bytes, WaitScope const& scope, char const* doing);
  /// Receives 1 to `size` bytes into `into`; 0 = the peer closed the connection in order.
  std::size_t receive(char* into, std::size_t size, WaitScope const& scope, char const* doing);

  /// Where an exchange keeps what it received; empty between two of them.
  [[nodiscard]] ReadBuffer& buffer() noexcept { return buffer_; }

  /// False if the peer closed the connection, or sent something, while nobody listened.
  [[nodiscard]] bool stillQuiet() noexcept;
  /// True once TLS is up.
  [[nodiscard]] bool secured() const noexcept { return context_ != nullptr; }
  /// The TLS session to resume later; null without one. Of use only after the first reply: TLS 1.3
  /// sends tickets after the handshake.
  [[nodiscard]] Poco::Net::Session::Ptr session();

 private:
  explicit Connection(Poco::Net::StreamSocket socket);

  void connectTo(std::string const& address, std::uint16_t port, WaitScope const& scope);
  void handshake(WaitScope const& scope);
  void verifyHost(std::string const& host);
  template <class Step>
  int drive(Step step, short plainEvents, WaitScope const& scope, char const* doing);

  ReadBuffer buffer_{};
  std::shared_ptr<TlsContext> context_{};  ///< shared with the transport; outlives the socket
  Poco::Net::StreamSocket socket_;         ///< a SecureStreamSocket once secured
};

}  // namespace kms_secretd::platform

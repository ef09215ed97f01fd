// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/read_buffer.hpp"
#include "platform/tls_context.hpp"
#include "platform/tls_objects.hpp"

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
  /// Says goodbye to the peer (TLS close_notify) without waiting for its answer.
  ~Connection();
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;

  /// Puts TLS over the connection and verifies that the peer is `host`. `context` is kept.
  /// `session` may resume an earlier one; null = a full handshake.
  void secure(std::shared_ptr<TlsContext> context, std::string const& host, TlsSession session,
              WaitScope const& scope);

  /// Sends all of `bytes`. `doing` ends "timed out while ...".
  void send(std::string_view bytes, WaitScope const& scope, char const* doing);
  /// Receives 1 to `size` bytes into `into`; 0 = the peer closed the connection in order.
  std::size_t receive(char* into, std::size_t size, WaitScope const& scope, char const* doing);

  /// Where an exchange keeps what it received; empty between two of them.
  [[nodiscard]] ReadBuffer& buffer() noexcept { return buffer_; }

  /// False if the peer closed the connection, or sent something, while nobody listened.
  [[nodiscard]] bool stillQuiet() noexcept;
  /// True once TLS is up.
  [[nodiscard]] bool secured() const noexcept { return tls_ != nullptr; }
  /// The TLS session to resume later; null without one. Of use only after the first reply: TLS 1.3
  /// sends tickets after the handshake.
  [[nodiscard]] TlsSession session() noexcept;

 private:
  explicit Connection(Poco::Net::StreamSocket const& socket);
  [[nodiscard]] int fd() const noexcept;

  void expectHost(std::string const& host);
  void handshake(std::string const& host, WaitScope const& scope);
  [[nodiscard]] bool holdsBytes() const noexcept;
  int sendSome(std::string_view bytes) noexcept;
  int receiveSome(char* into, std::size_t size) noexcept;
  /// What to wait for where a step gave `result`; 0 = for nothing, it failed or ended.
  [[nodiscard]] short blockedOn(int result, short plainEvents) const noexcept;
  template <class Step>
  int drive(Step step, short plainEvents, WaitScope const& scope, char const* doing);

  ReadBuffer buffer_{};
  Poco::Net::StreamSocket socket_;         ///< TCP; TLS is spoken over its descriptor
  std::shared_ptr<TlsContext> context_{};  ///< shared with the transport
  TlsConnectionHandle tls_{};              ///< null until secured
};

}  // namespace kms_secretd::platform

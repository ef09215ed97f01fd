// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "platform/connection.hpp"
#include "platform/endpoint.hpp"
#include "platform/guarded.hpp"
#include "platform/resolver.hpp"
#include "platform/tls_objects.hpp"

namespace kms_secretd::platform {

/// Makes ready connections to one peer: name, TCP, proxy, TLS. Keeps the TLS sessions that make the
/// next handshake cheap. Any thread.
class Connector {
 public:
  /// `tls` is null for plain HTTP; `resolver` outlives the connector.
  Connector(Endpoint endpoint, std::shared_ptr<TlsContext> tls, Resolver& resolver);

  /// Connects before `scope.deadline`; throws NetError.
  [[nodiscard]] std::unique_ptr<Connection> connect(WaitScope const& scope);
  /// Keeps the connection's session for a later connect(); to be called after its first reply.
  void remember(Connection& connection);

  [[nodiscard]] Endpoint const& endpoint() const noexcept { return endpoint_; }

 private:
  std::unique_ptr<Connection> dial(HostPort const& target, WaitScope const& scope);
  void tunnel(Connection& connection, WaitScope const& scope) const;
  TlsSession takeSession();

  Endpoint endpoint_;
  std::shared_ptr<TlsContext> tls_;  ///< shared with other transports to the system's roots
  Resolver& resolver_;
  Guarded<std::vector<TlsSession>> sessions_{};  ///< few; each is used once
};

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <kms-secretd/failure.hpp>
#include <kms-secretd/transport.hpp>

namespace kms_secretd::platform {

/// A host and a port.
struct HostPort {
  std::string host{};  ///< name or address, an IPv6 address without brackets
  std::uint16_t port = 0;

  /// "host:port", an IPv6 address in brackets.
  [[nodiscard]] std::string text() const;
};

/// Whom a transport speaks to and which way, taken from a checked TransportSpec.
struct Endpoint {
  HostPort peer{};  ///< verified by TLS, named in the Host field
  HostPort dial{};  ///< what is connected to, by ourselves or by the proxy
  bool plain = false;
  std::optional<HostPort> proxy{};

  /// The Host field: the peer, with its port unless that is the scheme's own.
  [[nodiscard]] std::string hostField() const;
  /// The peer as messages name it, with the proxy where there is one.
  [[nodiscard]] std::string label() const;
};

/// Checks what a TransportSpec says about addresses and limits; the TLS material is checked where
/// the context is built. Fails with invalid_request and names the field.
[[nodiscard]] sdk::Result<Endpoint> endpointOf(sdk::TransportSpec const& spec);

}  // namespace kms_secretd::platform

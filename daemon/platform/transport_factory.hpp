// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/failure.hpp>
#include <kms-secretd/transport.hpp>

#include "platform/resolver.hpp"
#include "platform/stop.hpp"
#include "platform/streaming_transport.hpp"

namespace kms_secretd::platform {

class TlsContexts;

/// Opens HTTP transports and owns what they share: the resolver and the TLS contexts (the system's
/// roots are loaded once, they cost 30 ms). Outlives every transport that it opened; one per
/// process. Any thread.
class TransportFactory {
 public:
  /// `clock` and `stop` outlive the factory; `stop` ends every wait of every transport. Ignores
  /// SIGPIPE in the process, since OpenSSL writes without MSG_NOSIGNAL. Throws if the TLS library
  /// cannot be set up (cannot start).
  TransportFactory(sdk::Clock const& clock, StopSignal const& stop);
  /// With another lookup than getaddrinfo (tests).
  TransportFactory(sdk::Clock const& clock, StopSignal const& stop, Resolver::Lookup lookup);
  ~TransportFactory();
  TransportFactory(TransportFactory const&) = delete;
  TransportFactory& operator=(TransportFactory const&) = delete;

  /// Opens a pool to one peer; does not connect yet and keeps no copy of the spec's key. Fails with
  /// invalid_request where the spec is unusable; the message says which field and why.
  [[nodiscard]] sdk::Result<std::unique_ptr<StreamingTransport>> open(
      sdk::TransportSpec const& spec) noexcept;

 private:
  sdk::Clock const& clock_;
  StopSignal const& stop_;
  std::unique_ptr<TlsContexts> contexts_;
  Resolver resolver_;
};

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "fakes/scripted_server.hpp"
#include "fakes/test_certificates.hpp"
#include "platform/clock.hpp"
#include "platform/stop.hpp"
#include "platform/transport_factory.hpp"

namespace kms_secretd::platform {

/// What a transport test needs: a CA, a server's identity, a factory, and requests to send.
struct TransportBench {
  static constexpr char const* host = "kms.test";
  static constexpr char const* ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

  SystemClock clock{};
  StopSignal stop{};
  fakes::TestAuthority authority{"Test Root"};
  fakes::TestIdentity identity = authority.issue({.commonName = "server", .hosts = {host}});
  TransportFactory factory{clock, stop, [](std::string const& name) -> sdk::Result<Addresses> {
                             return sdk::Failure{.kind = sdk::FailureKind::unavailable,
                                                 .code = {},
                                                 .message = name + " is in no test's DNS"};
                           }};

  /// A server with the bench's identity.
  [[nodiscard]] fakes::ScriptedServerOptions serverOptions() const {
    return {.identity = identity};
  }

  /// The way to a server on this port, under the name that its certificate carries.
  [[nodiscard]] sdk::TransportSpec spec(std::uint16_t port) const {
    sdk::TransportSpec spec;
    spec.host = host;
    spec.port = port;
    spec.connectAddress = "127.0.0.1";
    spec.rootsPem = authority.certificatePem();
    return spec;
  }

  [[nodiscard]] std::unique_ptr<StreamingTransport> open(sdk::TransportSpec const& spec) {
    auto opened = factory.open(spec);
    return opened ? std::move(opened).value() : nullptr;
  }

  /// A GET that may take `patience`; ten seconds are only a guard against hanging for ever.
  [[nodiscard]] sdk::HttpRequest get(std::string target = "/",
                                     sdk::Milliseconds patience = std::chrono::seconds(10)) const {
    sdk::HttpRequest request;
    request.target = std::move(target);
    request.deadline = clock.boot() + patience;
    return request;
  }
};

/// Answers every request of a connection with `reply`.
inline fakes::ScriptedServer::Script answering(std::string reply) {
  return [reply = std::move(reply)](fakes::ServerConnection& connection) {
    while (!connection.readRequest().empty() && connection.write(reply)) {
    }
  };
}

/// The text of a result's failure, for assertions; "(ok)" if there is none.
template <class T>
std::string messageOf(sdk::Result<T> const& result) {
  return result.ok() ? "(ok)" : result.failure().message;
}

/// True if `text` contains `part`.
inline bool contains(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace kms_secretd::platform

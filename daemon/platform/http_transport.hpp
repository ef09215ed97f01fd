// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "platform/connection_pool.hpp"
#include "platform/connector.hpp"
#include "platform/http_codec.hpp"
#include "platform/stop.hpp"
#include "platform/streaming_transport.hpp"

namespace kms_secretd::platform {

/// HTTP/1.1 to one peer over a pool of kept connections. Opened by TransportFactory, which says
/// what is shared. Any thread.
class HttpTransport final : public StreamingTransport {
 public:
  /// What a transport borrows; all of it outlives the transport.
  struct Services {
    Resolver& resolver;
    sdk::Clock const& clock;
    StopSignal const& stop;
  };
  /// What a TransportSpec says about sizes and times.
  struct Limits {
    std::size_t maxHeaderBytes = 0;
    std::size_t maxBodyBytes = 0;
    sdk::Milliseconds connectTimeout{0};
  };

  /// `tls` is null for plain HTTP.
  HttpTransport(Endpoint endpoint, std::shared_ptr<TlsContext> tls, Limits limits,
                Services services);

  sdk::Result<sdk::HttpResponse> send(sdk::HttpRequest const& request) noexcept override;
  sdk::Result<StreamEnd> stream(sdk::HttpRequest const& request, sdk::Milliseconds idle,
                                BodySink& sink) noexcept override;

 private:
  struct Job;
  template <class Body>
  auto guarded(Body body) const noexcept -> decltype(body());
  [[nodiscard]] sdk::Failure named(sdk::FailureKind kind, char const* problem) const;
  [[nodiscard]] WaitScope scopeOf(sdk::HttpRequest const& request) const noexcept;
  [[nodiscard]] ReplyRules rulesFor(sdk::HttpRequest const& request) const;
  std::unique_ptr<Connection> connect(WaitScope scope);
  StreamEnd exchange(Job const& job);
  std::optional<StreamEnd> exchangeOn(std::unique_ptr<Connection> connection, Job const& job,
                                      bool kept);

  Connector connector_;
  Limits limits_;
  sdk::Clock const& clock_;
  StopSignal const& stop_;
  ConnectionPool pool_;
  std::string hostField_;
};

}  // namespace kms_secretd::platform

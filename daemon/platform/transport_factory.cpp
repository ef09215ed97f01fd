// SPDX-License-Identifier: Apache-2.0
#include "platform/transport_factory.hpp"

#include <exception>
#include <utility>

#include "platform/endpoint.hpp"
#include "platform/http_transport.hpp"
#include "platform/signals.hpp"
#include "platform/tls_context.hpp"

namespace kms_secretd::platform {
namespace {

sdk::Failure unusable(sdk::TransportSpec const& spec, std::string const& why) {
  return {.kind = sdk::FailureKind::invalid_request,
          .code = {},
          .message = "cannot use the connection to " + spec.host + ": " + why};
}

sdk::Result<std::unique_ptr<StreamingTransport>> openWith(sdk::TransportSpec const& spec,
                                                          TlsContexts& contexts,
                                                          HttpTransport::Services services) {
  auto endpoint = endpointOf(spec);
  if (!endpoint) return unusable(spec, endpoint.failure().message);
  std::shared_ptr<TlsContext> tls;
  if (!spec.plainHttp) {
    auto context = contexts.contextFor(spec);
    if (!context) return unusable(spec, context.failure().message);
    tls = std::move(context).value();
  }
  HttpTransport::Limits const limits{.maxHeaderBytes = spec.maxHeaderBytes,
                                     .maxBodyBytes = spec.maxBodyBytes,
                                     .connectTimeout = spec.connectTimeout};
  return std::unique_ptr<StreamingTransport>(std::make_unique<HttpTransport>(
      std::move(endpoint).value(), std::move(tls), limits, services));
}

}  // namespace

TransportFactory::TransportFactory(sdk::Clock const& clock, StopSignal const& stop)
    : clock_(clock),
      stop_(stop),
      contexts_(std::make_unique<TlsContexts>()),
      resolver_(clock, stop) {
  ignoreBrokenPipes();
}

TransportFactory::TransportFactory(sdk::Clock const& clock, StopSignal const& stop,
                                   Resolver::Lookup lookup)
    : clock_(clock),
      stop_(stop),
      contexts_(std::make_unique<TlsContexts>()),
      resolver_(clock, stop, std::move(lookup)) {
  ignoreBrokenPipes();
}

TransportFactory::~TransportFactory() = default;

sdk::Result<std::unique_ptr<StreamingTransport>> TransportFactory::open(
    sdk::TransportSpec const& spec) noexcept {
  try {
    return openWith(spec, *contexts_, {.resolver = resolver_, .clock = clock_, .stop = stop_});
  } catch (std::exception const& error) {
    return unusable(spec, error.what());
  }
}

}  // namespace kms_secretd::platform

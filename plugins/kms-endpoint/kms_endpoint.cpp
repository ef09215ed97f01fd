// SPDX-License-Identifier: Apache-2.0
#include "kms-endpoint/kms_endpoint.hpp"

#include <utility>

#include <kms-secretd/plugin.hpp>

#include "kms-endpoint/probe.hpp"

namespace kms_secretd::kms_endpoint {
namespace {

std::unique_ptr<sdk::Transport> openTransport(alicloud::GatewaySettings const& settings,
                                              sdk::Host& host) {
  auto transport = host.openTransport(transportSpec(settings));
  if (transport) return std::move(transport).value();
  // Host name and proxy were checked before; what the host can still refuse is the PEM.
  throw sdk::OptionError(settings.caPem.empty() ? "endpoint" : "ca_file",
                         transport.failure().message);
}

}  // namespace

KmsEndpoint::KmsEndpoint(sdk::Options const& options, sdk::Host& host)
    : settings_(readSettings(options)),
      clock_(host.clock()),
      userAgent_(host.userAgent()),
      auth_(alicloud::makeAuth(options.table("auth"),
                               {.region = options.text("region"), .proxy = settings_.proxy}, host)),
      transport_(openTransport(settings_, host)),
      clockOffset_(clock_) {}

CallTools KmsEndpoint::tools(bool dryRun) noexcept {
  return {.endpoint = settings_.endpoint,
          .credentials = *auth_.provider,
          .transport = *transport_,
          .read = {.host = settings_.endpoint.host,
                   .requestTimeout = settings_.requestTimeout,
                   .clock = clock_,
                   .userAgent = userAgent_,
                   .clockOffset = clockOffset_},
          .dryRun = dryRun};
}

sdk::Result<sdk::FetchedSecret> KmsEndpoint::fetch(sdk::FetchRequest const& request) noexcept {
  return sdk::guarded([&] { return readSecret(tools(false), request); });
}

sdk::Result<sdk::ProbeReport> KmsEndpoint::probe(sdk::ProbeRequest const& request) noexcept {
  return sdk::guarded([&] { return runProbe(tools(true), auth_, request); });
}

}  // namespace kms_secretd::kms_endpoint

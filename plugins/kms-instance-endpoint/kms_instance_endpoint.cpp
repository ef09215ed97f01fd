// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/kms_instance_endpoint.hpp"

#include <kms-secretd/plugin.hpp>

#include "kms-instance-endpoint/probe.hpp"

namespace kms_secretd::kms_instance_endpoint {

KmsInstanceEndpoint::KmsInstanceEndpoint(sdk::Options const& options, sdk::Host& host)
    : settings_(readSettings(options)),
      clock_(host.clock()),
      userAgent_(host.userAgent()),
      keys_(openKeySources(options, host), host),
      transports_(settings_, host),
      clockOffset_(clock_) {}

CallTools KmsInstanceEndpoint::tools() noexcept {
  return {.keys = keys_,
          .transports = transports_,
          .read = {.host = settings_.gateway.endpoint.host,
                   .requestTimeout = settings_.gateway.requestTimeout,
                   .clock = clock_,
                   .userAgent = userAgent_,
                   .clockOffset = clockOffset_}};
}

sdk::Result<sdk::FetchedSecret> KmsInstanceEndpoint::fetch(
    sdk::FetchRequest const& request) noexcept {
  return sdk::guarded([&] {
    auto const with = tools();
    ClientKeyProtocol protocol(with, request);
    return alicloud::SecretRead(with.read, request, protocol).run();
  });
}

sdk::Result<sdk::ProbeReport> KmsInstanceEndpoint::probe(
    sdk::ProbeRequest const& request) noexcept {
  return sdk::guarded([&] { return runProbe(tools(), request); });
}

bool KmsInstanceEndpoint::lookAtCredentials() noexcept {
  auto const renewed = sdk::guarded([&]() -> sdk::Result<bool> { return keys_.look(); });
  return renewed && renewed.value();
}

}  // namespace kms_secretd::kms_instance_endpoint

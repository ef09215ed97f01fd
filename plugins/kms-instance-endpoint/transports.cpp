// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/transports.hpp"

#include <utility>

#include <kms-secretd/plugin.hpp>

namespace kms_secretd::kms_instance_endpoint {

Transports::Transports(Settings const& settings, sdk::Host& host)
    : settings_(settings), host_(host) {
  if (settings_.presentClientCertificate) return;
  auto transport = host_.openTransport(transportSpec(settings_.gateway));
  if (!transport) {
    // Host name and proxy were checked before; what the host can still refuse is the PEM.
    throw sdk::OptionError(settings_.gateway.caPem.empty() ? "endpoint" : "ca_file",
                           transport.failure().message);
  }
  pool_.with([&](Pool& pool) { pool.transport = std::move(transport).value(); });
}

sdk::Result<std::shared_ptr<sdk::Transport>> Transports::openFor(ClientKey const& key) const {
  if (key.certificatePem().empty()) {
    return sdk::Failure{
        .kind = sdk::FailureKind::unauthenticated,
        .message =
            "present_client_certificate is set, but the client key has no certificate that "
            "can be read; remove the option, or write the certificate into private_key"};
  }
  auto spec = transportSpec(settings_.gateway);
  spec.clientCertificatePem = key.certificatePem();
  spec.clientKeyPem = key.privateKeyPem();
  auto transport = host_.openTransport(spec);
  if (!transport) {
    return sdk::Failure{.kind = sdk::FailureKind::unauthenticated,
                        .message = transport.failure().message};
  }
  return std::shared_ptr<sdk::Transport>(std::move(transport).value());
}

sdk::Result<std::shared_ptr<sdk::Transport>> Transports::forKey(ClientKeyPtr const& key) {
  return pool_.with([&](Pool& pool) -> sdk::Result<std::shared_ptr<sdk::Transport>> {
    if (!settings_.presentClientCertificate || pool.key == key) return pool.transport;
    auto opened = openFor(*key);
    if (opened) pool = {.key = key, .transport = opened.value()};
    return opened;
  });
}

}  // namespace kms_secretd::kms_instance_endpoint

// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/kms_instance_endpoint.hpp"

#include <kms-secretd/plugin.hpp>

#include "kms-instance-endpoint/get_secret_call.hpp"

namespace kms_secretd::kms_instance_endpoint {

KmsInstanceEndpoint::KmsInstanceEndpoint(sdk::Options const& options, sdk::Host& host)
    : settings_(readSettings(options)),
      clock_(host.clock()),
      userAgent_(host.userAgent()),
      keys_(openKeySources(options, host), host),
      transports_(settings_, host),
      clockOffset_(clock_) {}

sdk::Result<sdk::FetchedSecret> KmsInstanceEndpoint::fetch(
    sdk::FetchRequest const& request) noexcept {
  return sdk::guarded([&] {
    return GetSecretCall({.settings = settings_,
                          .clock = clock_,
                          .userAgent = userAgent_,
                          .keys = keys_,
                          .transports = transports_,
                          .clockOffset = clockOffset_},
                         request)
        .run();
  });
}

}  // namespace kms_secretd::kms_instance_endpoint

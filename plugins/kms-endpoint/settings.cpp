// SPDX-License-Identifier: Apache-2.0
#include "kms-endpoint/settings.hpp"

#include <kms-secretd/plugin.hpp>

namespace kms_secretd::kms_endpoint {
namespace {

alicloud::Endpoint readEndpoint(sdk::Options const& options) {
  auto const endpoint = options.text("endpoint");
  if (!endpoint.empty()) {
    if (!options.text("instance_id").empty()) {
      throw sdk::OptionError("endpoint", "give either instance_id or endpoint, not both");
    }
    return alicloud::parseEndpoint(endpoint, options.boolean("custom_endpoint"));
  }
  auto const instance = options.text("instance_id");
  if (!instance.empty()) return alicloud::instanceEndpointOf(instance);
  auto const region = options.text("region");
  if (region.empty()) {
    throw sdk::OptionError("region",
                           "give region, such as \"cn-hangzhou\", or instance_id, or endpoint");
  }
  if (!alicloud::isRegion(region)) {
    throw sdk::OptionError("region", "region \"" + region + "\" is not like \"cn-hangzhou\"");
  }
  return alicloud::vpcEndpoint(region);
}

}  // namespace

alicloud::GatewaySettings readSettings(sdk::Options const& options) {
  return alicloud::readGateway(options, readEndpoint(options));
}

}  // namespace kms_secretd::kms_endpoint

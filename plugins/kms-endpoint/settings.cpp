// SPDX-License-Identifier: Apache-2.0
#include "kms-endpoint/settings.hpp"

#include <utility>

#include <kms-secretd/plugin.hpp>

#include "alicloud/store_options.hpp"

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

Settings readSettings(sdk::Options const& options) {
  auto endpoint = readEndpoint(options);
  auto caPem = alicloud::readCaFile(options.text("ca_file"));
  alicloud::requireInstanceCa(endpoint, caPem);
  return {.endpoint = std::move(endpoint),
          .caPem = std::move(caPem),
          .proxy = alicloud::readProxy(options.text("proxy")),
          .connectTimeout = alicloud::readTimeout(options, "connect_timeout"),
          .requestTimeout = alicloud::readTimeout(options, "request_timeout")};
}

sdk::TransportSpec transportSpec(Settings const& settings) {
  sdk::TransportSpec spec;
  spec.host = settings.endpoint.host;
  spec.port = settings.endpoint.port;
  spec.rootsPem = settings.caPem;
  // The CA files that the vendor hands out for instances hold intermediates without the root.
  spec.partialChain = !settings.caPem.empty();
  spec.proxy = settings.proxy;
  spec.connectTimeout = settings.connectTimeout;
  return spec;
}

}  // namespace kms_secretd::kms_endpoint

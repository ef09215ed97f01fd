// SPDX-License-Identifier: Apache-2.0
#include "kms-endpoint/settings.hpp"

#include <kms-secretd/plugin.hpp>

#include "alicloud/ca_file.hpp"

namespace kms_secretd::kms_endpoint {
namespace {

constexpr std::string_view proxyScheme = "http://";

alicloud::Endpoint readEndpoint(sdk::Options const& options) {
  auto const endpoint = options.text("endpoint");
  if (!endpoint.empty()) {
    return alicloud::parseEndpoint(endpoint, options.boolean("custom_endpoint"));
  }
  auto const region = options.text("region");
  if (region.empty()) {
    throw sdk::OptionError("region", "give region, such as \"cn-hangzhou\", or endpoint");
  }
  if (!alicloud::isRegion(region)) {
    throw sdk::OptionError("region", "region \"" + region + "\" is not like \"cn-hangzhou\"");
  }
  return alicloud::vpcEndpoint(region);
}

// Not shown in the message: people write passwords into proxy URLs.
std::string readProxy(std::string const& proxy) {
  if (proxy.empty()) return {};
  std::string_view rest = proxy;
  if (rest.starts_with(proxyScheme)) {
    rest.remove_prefix(proxyScheme.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    if (rest.find(':') != std::string_view::npos && alicloud::parseHostAndPort(rest)) {
      return std::string(proxyScheme) + std::string(rest);
    }
  }
  throw sdk::OptionError("proxy", "proxy must be http://host:port in lower case, without a user");
}

sdk::Milliseconds readTimeout(sdk::Options const& options, char const* name) {
  auto const timeout = options.duration(name);
  if (timeout.count() > 0) return timeout;
  throw sdk::OptionError(name, std::string(name) + " must be longer than 0");
}

}  // namespace

Settings readSettings(sdk::Options const& options) {
  return {.endpoint = readEndpoint(options),
          .caPem = alicloud::readCaFile(options.text("ca_file"), "ca_file"),
          .proxy = readProxy(options.text("proxy")),
          .connectTimeout = readTimeout(options, "connect_timeout"),
          .requestTimeout = readTimeout(options, "request_timeout")};
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

// SPDX-License-Identifier: Apache-2.0
#include "alicloud/sts_endpoint.hpp"

#include <string>

namespace kms_secretd::alicloud {
namespace {

constexpr std::string_view vendorSuffix = ".aliyuncs.com";

bool isHostOf(std::string_view prefix, std::string_view host) noexcept {
  if (!host.starts_with(prefix) || !host.ends_with(vendorSuffix)) return false;
  if (host.size() < prefix.size() + vendorSuffix.size()) return false;
  host.remove_prefix(prefix.size());
  host.remove_suffix(vendorSuffix.size());
  return isRegion(host);
}

bool hasOnlyVpcHosts(std::string_view region) noexcept {
  return region == "cn-shenzhen-finance-1" || region == "cn-north-2-gov-1";
}

}  // namespace

std::optional<Endpoint> stsEndpoint(std::string_view region, StsNetwork network) {
  if (network == StsNetwork::internet && hasOnlyVpcHosts(region)) return std::nullopt;
  if (region == "cn-hangzhou-finance") region = "cn-hangzhou";
  std::string host = network == StsNetwork::vpc ? "sts-vpc." : "sts.";
  host.append(region).append(vendorSuffix);
  return Endpoint{.host = std::move(host)};
}

bool isStsHost(std::string_view host) noexcept {
  return host == "sts.aliyuncs.com" || isHostOf("sts.", host) || isHostOf("sts-vpc.", host);
}

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#include "alicloud/endpoint.hpp"

#include <algorithm>
#include <charconv>

#include <kms-secretd/plugin.hpp>

namespace kms_secretd::alicloud {
namespace {

constexpr std::string_view vendorSuffix = ".aliyuncs.com";
constexpr std::string_view instanceSuffix = ".cryptoservice.kms.aliyuncs.com";

bool isLabel(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

bool isHostName(std::string_view text) noexcept {
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    auto const dot = text.find('.');
    if (!isLabel(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

std::optional<std::uint16_t> parsePort(std::string_view text) noexcept {
  std::uint16_t port = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

bool isGatewayOf(std::string_view prefix, std::string_view host) noexcept {
  if (!host.starts_with(prefix) || !host.ends_with(vendorSuffix)) return false;
  if (host.size() < prefix.size() + vendorSuffix.size()) return false;
  host.remove_prefix(prefix.size());
  host.remove_suffix(vendorSuffix.size());
  return isLabel(host);
}

[[noreturn]] void refuse(std::string_view text, std::string const& remedy) {
  throw sdk::OptionError("endpoint", "endpoint \"" + std::string(text) + "\" " + remedy);
}

bool hasUpperCase(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

std::string Endpoint::authority() const {
  return port == 443 ? host : host + ':' + std::to_string(port);
}

std::optional<Endpoint> parseHostAndPort(std::string_view text) {
  auto const colon = text.find(':');
  auto const host = text.substr(0, colon);
  if (!isHostName(host)) return std::nullopt;
  if (colon == std::string_view::npos) return Endpoint{.host = std::string(host)};
  auto const port = parsePort(text.substr(colon + 1));
  if (!port) return std::nullopt;
  return Endpoint{.host = std::string(host), .port = *port};
}

bool isRegion(std::string_view text) noexcept { return isLabel(text); }

Endpoint vpcEndpoint(std::string_view region) {
  return {.host = "kms-vpc." + std::string(region) + std::string(vendorSuffix)};
}

bool isInstanceId(std::string_view text) noexcept {
  return text.starts_with("kst-") && isLabel(text);
}

Endpoint instanceEndpoint(std::string_view id) {
  return {.host = std::string(id) + std::string(instanceSuffix)};
}

bool isInstanceHost(std::string_view host) noexcept {
  return host.ends_with(instanceSuffix) &&
         isLabel(host.substr(0, host.size() - instanceSuffix.size()));
}

bool isVendorHost(std::string_view host) noexcept {
  return isGatewayOf("kms.", host) || isGatewayOf("kms-vpc.", host) || isInstanceHost(host);
}

Endpoint parseEndpoint(std::string_view text, bool custom) {
  if (text.find("://") != std::string_view::npos) {
    refuse(text, "has a scheme; write the bare host name, HTTPS is always used");
  }
  if (hasUpperCase(text)) refuse(text, "has capitals, which break the signature; write lower case");
  auto endpoint = parseHostAndPort(text);
  if (!endpoint) refuse(text, "is not a host name, with or without a port");
  if (!custom && (endpoint->port != 443 || !isVendorHost(endpoint->host))) {
    refuse(text,
           "is none of kms.<region>.aliyuncs.com, kms-vpc.<region>.aliyuncs.com and "
           "<instance>.cryptoservice.kms.aliyuncs.com on port 443; correct it, or set "
           "custom_endpoint = true if it is meant");
  }
  return std::move(*endpoint);
}

}  // namespace kms_secretd::alicloud

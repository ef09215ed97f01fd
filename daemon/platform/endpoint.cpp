// SPDX-License-Identifier: Apache-2.0
#include "platform/endpoint.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "platform/resolver.hpp"

namespace kms_secretd::platform {
namespace {

constexpr std::string_view metadataAddress = "100.100.100.200";
constexpr std::size_t maxHeaderLimit = 16 * 1024 * 1024;

sdk::Failure unusable(std::string message) {
  return {.kind = sdk::FailureKind::invalid_request, .code = {}, .message = std::move(message)};
}

bool isHostCharacter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

// Anything else could end up in a Host field or in a CONNECT line.
bool isHost(std::string_view text) noexcept {
  if (isAddressLiteral(text)) return true;
  return !text.empty() && text.size() <= 253 && text.front() != '-' && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), isHostCharacter);
}

bool isLoopback(std::string const& host) noexcept {
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return ::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

// What is dialled decides: a name could resolve to anything, but "localhost" is never looked up.
bool mayBePlain(std::string const& dialled) noexcept {
  return dialled == "localhost" || dialled == metadataAddress || isLoopback(dialled);
}

// "http://host:port" or "http://[v6]:port", an optional '/' at the end.
std::optional<HostPort> parseProxy(std::string_view text) {
  constexpr std::string_view scheme = "http://";
  if (!text.starts_with(scheme)) return std::nullopt;
  text.remove_prefix(scheme.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  auto const colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  std::string_view const digits = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  HostPort proxy{.host = std::string(host), .port = 0};
  auto const end = digits.data() + digits.size();
  auto const parsed = std::from_chars(digits.data(), end, proxy.port);
  bool const ok = parsed.ec == std::errc() && parsed.ptr == end && proxy.port != 0;
  return ok && isHost(host) ? std::optional(std::move(proxy)) : std::nullopt;
}

std::optional<sdk::Failure> checkLimits(sdk::TransportSpec const& spec) {
  if (spec.port == 0) return unusable("the port of " + spec.host + " is 0");
  if (spec.maxHeaderBytes == 0 || spec.maxHeaderBytes > maxHeaderLimit) {
    return unusable("the header limit for " + spec.host + " is not within 1 byte and 16 MiB");
  }
  if (spec.connectTimeout <= sdk::Milliseconds(0)) {
    return unusable("the connect timeout for " + spec.host + " is not positive");
  }
  return std::nullopt;
}

// Nothing given may be silently ignored: it would be trusted to protect.
std::optional<sdk::Failure> checkPlain(sdk::TransportSpec const& spec, std::string const& dialled) {
  if (!spec.plainHttp) return std::nullopt;
  if (!mayBePlain(dialled)) {
    return unusable("plain HTTP to " + dialled +
                    " is refused: only loopback addresses and the metadata service " +
                    std::string(metadataAddress) + " may be spoken to without TLS; use https");
  }
  if (!spec.proxy.empty()) return unusable("plain HTTP to " + dialled + " cannot use a proxy");
  if (!spec.rootsPem.empty() || !spec.clientCertificatePem.empty() || !spec.clientKeyPem.empty()) {
    return unusable("certificates are given for " + dialled + ", but plain HTTP uses none");
  }
  return std::nullopt;
}

}  // namespace

std::string HostPort::text() const {
  bool const v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Endpoint::hostField() const {
  if (peer.port != (plain ? 80 : 443)) return peer.text();
  return peer.host.find(':') != std::string::npos ? "[" + peer.host + "]" : peer.host;
}

std::string Endpoint::label() const {
  return proxy ? peer.text() + " (through the proxy " + proxy->text() + ")" : peer.text();
}

sdk::Result<Endpoint> endpointOf(sdk::TransportSpec const& spec) {
  if (!isHost(spec.host)) return unusable("\"" + spec.host + "\" is no host name or address");
  if (!spec.connectAddress.empty() && !isHost(spec.connectAddress)) {
    return unusable("\"" + spec.connectAddress + "\" is no host name or address to connect to");
  }
  if (auto failure = checkLimits(spec)) return *std::move(failure);
  auto const& dialled = spec.connectAddress.empty() ? spec.host : spec.connectAddress;
  if (auto failure = checkPlain(spec, dialled)) return *std::move(failure);
  Endpoint endpoint{.peer = {spec.host, spec.port},
                    .dial = {dialled, spec.port},
                    .plain = spec.plainHttp,
                    .proxy = std::nullopt};
  if (spec.proxy.empty()) return endpoint;
  endpoint.proxy = parseProxy(spec.proxy);
  // The text is not shown: it may carry a password, which is not supported.
  if (!endpoint.proxy) return unusable("the proxy is not of the form http://host:port");
  return endpoint;
}

}  // namespace kms_secretd::platform

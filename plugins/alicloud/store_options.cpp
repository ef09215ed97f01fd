// SPDX-License-Identifier: Apache-2.0
#include "alicloud/store_options.hpp"

#include <array>
#include <fstream>
#include <string_view>
#include <utility>

#include <kms-secretd/plugin.hpp>

namespace kms_secretd::alicloud {
namespace {

constexpr std::size_t largestCaFile = 1024 * 1024;
constexpr std::string_view proxyScheme = "http://";

// By pieces: the text is kept, and room for the largest would be kept with it.
std::string readAtMost(std::ifstream& file, std::size_t most) {
  std::string text;
  std::array<char, 4096> piece{};
  while (text.size() < most) {
    file.read(piece.data(), piece.size());
    if (file.gcount() == 0) break;
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  }
  return text;
}

}  // namespace

std::string readCaFile(std::string const& path, std::string const& option) {
  if (path.empty()) return {};
  std::ifstream file(path, std::ios::binary);
  auto pem = readAtMost(file, largestCaFile + 1);
  // A directory opens as well; only reading it fails.
  if (!file.is_open() || file.bad() || pem.empty()) {
    throw sdk::OptionError(option, option + ' ' + path + " cannot be read or is empty");
  }
  if (pem.size() > largestCaFile) {
    throw sdk::OptionError(option, option + ' ' + path + " is larger than 1 MiB");
  }
  if (pem.find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    throw sdk::OptionError(option, option + ' ' + path + " holds no PEM certificate");
  }
  return pem;
}

// Not shown in the message: people write passwords into proxy URLs.
std::string readProxy(std::string const& proxy) {
  if (proxy.empty()) return {};
  std::string_view rest = proxy;
  if (rest.starts_with(proxyScheme)) {
    rest.remove_prefix(proxyScheme.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    if (rest.find(':') != std::string_view::npos && parseHostAndPort(rest)) {
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

Endpoint instanceEndpointOf(std::string const& id) {
  if (isInstanceId(id)) return instanceEndpoint(id);
  throw sdk::OptionError("instance_id",
                         "instance_id \"" + id + "\" is not like \"kst-hzz0000000000000\"");
}

void requireInstanceCa(Endpoint const& endpoint, std::string const& caPem) {
  if (!caPem.empty() || !isInstanceHost(endpoint.host)) return;
  throw sdk::OptionError(
      "ca_file",
      "ca_file is missing: an instance's certificate is signed by a private CA; download it in the "
      "KMS console (Instances, Instance CA Certificate) and name the file here");
}

GatewaySettings readGateway(sdk::Options const& options, Endpoint endpoint) {
  auto caPem = readCaFile(options.text("ca_file"));
  requireInstanceCa(endpoint, caPem);
  return {.endpoint = std::move(endpoint),
          .caPem = std::move(caPem),
          .proxy = readProxy(options.text("proxy")),
          .connectTimeout = readTimeout(options, "connect_timeout"),
          .requestTimeout = readTimeout(options, "request_timeout")};
}

sdk::TransportSpec transportSpec(GatewaySettings const& settings) {
  sdk::TransportSpec spec;
  spec.host = settings.endpoint.host;
  spec.port = settings.endpoint.port;
  spec.rootsPem = settings.caPem;
  // The CA files that the vendor hands out for instances may hold intermediates without the root.
  spec.partialChain = !settings.caPem.empty();
  spec.proxy = settings.proxy;
  spec.connectTimeout = settings.connectTimeout;
  return spec;
}

}  // namespace kms_secretd::alicloud

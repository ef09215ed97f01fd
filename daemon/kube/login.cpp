// SPDX-License-Identifier: Apache-2.0
#include "kube/login.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace kms_secretd::kube {
namespace {

constexpr std::size_t maxPemBytes = 1024 * 1024;
constexpr std::size_t maxTokenBytes = 64 * 1024;
// A Secret's metadata is bounded by etcd's 1.5 MiB for the whole object; JSON escapes some of it.
constexpr std::size_t maxReplyBytes = 2 * 1024 * 1024;

sdk::SecretBytes bytesOf(Material const& material, char const* what, std::size_t maxBytes) {
  if (material.path.empty()) return material.text.clone();
  auto bytes = platform::readSecretFile(material.path, maxBytes);
  if (bytes && bytes.value().empty()) {
    throw KubeconfigError(material.path, std::string(what) + " " + material.path + " is empty",
                          "write it anew");
  }
  if (!bytes) {
    throw KubeconfigError(material.path, std::string(what) + ": " + bytes.failure().message,
                          "or correct the kubeconfig");
  }
  return std::move(bytes).value();
}

std::string pemOf(Material const& material, char const* what) {
  if (!material.given()) return {};
  return std::string(bytesOf(material, what, maxPemBytes).reveal());
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  auto const first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// RFC 6750 b64token is narrower; servers take any visible text.
bool canBeToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

}  // namespace

SeenFile SeenFile::look(std::string path) {
  auto facts = platform::inspectFile(path);
  SeenFile seen{.path = std::move(path), .identity = {}};
  if (facts) seen.identity = facts.value().identity;
  return seen;
}

bool SeenFile::changed() const { return look(path).identity != identity; }

sdk::SecretBytes readToken(Kubeconfig const& config) {
  if (!config.token.given()) return {};
  auto const bytes = bytesOf(config.token, "the token file", maxTokenBytes);
  auto const token = trimmed(bytes.reveal());
  if (!canBeToken(token)) {
    auto const& file = config.token.path.empty() ? config.file : config.token.path;
    throw KubeconfigError(file, file + ": what stands there is not a bearer token",
                          "write one token on one line");
  }
  return sdk::SecretBytes(token);
}

sdk::TransportSpec readTransportSpec(Kubeconfig const& config) {
  sdk::TransportSpec spec;
  // TLS verifies `host`; where another name is to be verified, the server is only dialled.
  bool const otherName = !config.tlsServerName.empty() && !config.plainHttp;
  spec.host = otherName ? config.tlsServerName : config.host;
  if (otherName) spec.connectAddress = config.host;
  spec.port = config.port;
  spec.plainHttp = config.plainHttp;
  spec.proxy = config.proxy;
  spec.maxBodyBytes = maxReplyBytes;
  if (config.plainHttp) return spec;
  spec.rootsPem = pemOf(config.authority, "the certificate authority");
  spec.clientCertificatePem = pemOf(config.clientCertificate, "the client certificate");
  if (config.clientKey.given()) {
    spec.clientKeyPem = bytesOf(config.clientKey, "the client key", maxPemBytes);
  }
  return spec;
}

std::vector<SeenFile> lookAtIdentity(Kubeconfig const& config) {
  std::vector<SeenFile> files;
  for (auto const* path : {&config.file, &config.authority.path, &config.clientCertificate.path,
                           &config.clientKey.path}) {
    if (!path->empty()) files.push_back(SeenFile::look(*path));
  }
  return files;
}

}  // namespace kms_secretd::kube

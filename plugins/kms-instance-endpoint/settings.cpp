// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/settings.hpp"

#include <initializer_list>
#include <string>
#include <utility>

#include <kms-secretd/plugin.hpp>

#include "alicloud/redaction.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

void readProtocol(std::string const& protocol) {
  if (protocol == "https") return;
  throw sdk::OptionError("protocol",
                         "protocol must be \"https\": over anything else whoever listens reads the "
                         "secrets, and an instance answers nothing else; remove the option");
}

alicloud::Endpoint readEndpoint(sdk::Options const& options) {
  auto const id = options.text("instance_id");
  auto const text = options.text("endpoint");
  if (text.empty() && id.empty()) {
    throw sdk::OptionError("instance_id", "give instance_id, such as \"kst-...\", or endpoint");
  }
  if (!text.empty() && !id.empty()) {
    throw sdk::OptionError("endpoint", "give either instance_id or endpoint, not both");
  }
  if (text.empty()) return alicloud::instanceEndpointOf(id);
  auto const custom = options.boolean("custom_endpoint");
  auto endpoint = alicloud::parseEndpoint(text, custom);
  if (custom || alicloud::isInstanceHost(endpoint.host)) return endpoint;
  throw sdk::OptionError("endpoint",
                         "endpoint \"" + text +
                             "\" is the shared gateway, which knows no client keys of this kind; "
                             "write <instance_id>.cryptoservice.kms.aliyuncs.com, or use backend = "
                             "\"kms-endpoint\" with RAM credentials");
}

std::unique_ptr<sdk::SecretSource> open(sdk::Options const& options, sdk::Host& host,
                                        char const* name) {
  auto source = host.openSecretSource(options.secret(name));
  if (!source) throw sdk::OptionError(name, source.failure().message);
  return std::move(source).value();
}

// `first` alone or without `second` is half a key.
void requireBoth(sdk::Options const& options, char const* first, char const* second) {
  for (auto const* name : {first, second}) {
    if (options.has(name)) continue;
    throw sdk::OptionError(
        name, std::string(name) + " is missing; " + first + " and " + second + " belong together");
  }
}

std::string readKeyId(sdk::Options const& options) {
  auto const id = options.text("key_id");
  auto plain = alicloud::plainIdentifier(id);
  if (!plain.empty()) return plain;
  throw sdk::OptionError("key_id", "key_id must be the KeyId of the client key, \"KAAP....\"");
}

}  // namespace

Settings readSettings(sdk::Options const& options) {
  readProtocol(options.text("protocol"));
  return {.gateway = alicloud::readGateway(options, readEndpoint(options)),
          .presentClientCertificate = options.boolean("present_client_certificate")};
}

ClientKeySources openKeySources(sdk::Options const& options, sdk::Host& host) {
  auto const console = options.has("client_key") || options.has("client_key_password");
  auto const pem = options.has("private_key") || options.has("key_id");
  if (console && pem) {
    throw sdk::OptionError("private_key",
                           "give either client_key with client_key_password, or private_key with "
                           "key_id, not both");
  }
  if (!pem) {
    requireBoth(options, "client_key", "client_key_password");
    return {.clientKey = open(options, host, "client_key"),
            .password = open(options, host, "client_key_password")};
  }
  requireBoth(options, "private_key", "key_id");
  return {.privateKey = open(options, host, "private_key"), .keyId = readKeyId(options)};
}

}  // namespace kms_secretd::kms_instance_endpoint

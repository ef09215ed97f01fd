// SPDX-License-Identifier: Apache-2.0
#include "alicloud/auth_options.hpp"

#include <string>
#include <utility>

#include <kms-secretd/plugin.hpp>

#include "alicloud/static_provider.hpp"

namespace kms_secretd::alicloud {
namespace {

std::unique_ptr<sdk::SecretSource> open(sdk::Options const& auth, sdk::Host& host,
                                        std::string const& name) {
  if (!auth.has(name)) throw sdk::OptionError("auth." + name, "auth." + name + " is missing");
  auto source = host.openSecretSource(auth.secret(name));
  if (!source) throw sdk::OptionError("auth." + name, source.failure().message);
  return std::move(source).value();
}

void refuseToken(sdk::Options const& auth) {
  if (!auth.has("token")) return;
  throw sdk::OptionError("auth.token",
                         "a token belongs to auth.type = \"sts\"; change the type or remove it");
}

}  // namespace

std::unique_ptr<CredentialProvider> makeCredentialProvider(sdk::Options const& auth,
                                                           sdk::Host& host) {
  auto const type = auth.text("type");
  if (type != "access_key" && type != "sts") {
    throw sdk::OptionError("auth.type",
                           "auth.type must be \"access_key\" or \"sts\"; no identity is assumed");
  }
  if (type == "access_key") refuseToken(auth);
  StaticSources sources{.id = open(auth, host, "id"), .secret = open(auth, host, "secret")};
  if (type == "sts") sources.token = open(auth, host, "token");
  return std::make_unique<StaticProvider>(std::move(sources));
}

}  // namespace kms_secretd::alicloud

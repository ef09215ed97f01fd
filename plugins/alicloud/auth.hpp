// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <kms-secretd/host.hpp>
#include <kms-secretd/options.hpp>

#include "alicloud/credential_provider.hpp"
#include "alicloud/sts_client.hpp"

namespace kms_secretd::alicloud {

/// What a store's other options say that its `auth` table builds on.
struct AuthSurroundings {
  std::string region{};  ///< the store's; may be empty
  std::string proxy{};   ///< "http://host:port" for STS; empty = none
};

/// Who a store is.
struct Auth {
  std::unique_ptr<CredentialProvider> provider{};
  /// Makes a client to ask who that is; null where no STS is known. Throws sdk::OptionError.
  std::function<std::shared_ptr<StsClient>()> makeSts{};
};

/// Makes what an `auth` table asks for. Opens secret sources and transports but reads no secret and
/// connects to nothing. `host` outlives the result. Throws sdk::OptionError with paths such as
/// "auth.token" and "auth.members[1].id"; nothing is assumed and nothing ignored.
[[nodiscard]] Auth makeAuth(sdk::Options const& auth, AuthSurroundings const& surroundings,
                            sdk::Host& host);

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "emulator/exchange.hpp"
#include "emulator/kms/errors.hpp"
#include "emulator/net/http_request.hpp"
#include "emulator/sign/encoding.hpp"
#include "emulator/world.hpp"

namespace kms_secretd::emulator {

/// An API product behind the gateway: which version and operations exist.
struct Product {
  std::string_view version;  // "2016-01-20"
  bool (*hasOperation)(std::string_view name);
};

/// What the gateway lets through.
struct Admitted {
  std::string accessKey;
  std::string account;
  std::string operation;
  Params params;  // query and form together
  bool json = true;
};

/// What a request claims about its sender, whatever the signature version.
struct Claim {
  std::string keyId;
  std::string token;
  std::string nonce;
  std::string timestamp;
};

using Admission = std::variant<Admitted, ApiError>;
/// Nothing = passed.
using Objection = std::optional<ApiError>;

/// The API gateway: finds the operation, verifies the signature (V3 or V1), clock, nonce and
/// credentials. Fills in `exchange` as far as it gets, also for refused requests. Any thread.
Admission admit(World& world, const Product& product, const Request& request, Exchange& exchange);

/// The two signature versions; `params` are the query and form parameters.
Admission admitV3(World& world, const Product& product, const Request& request, Params params,
                  Exchange& exchange);
Admission admitV1(World& world, const Product& product, const Request& request, Params params,
                  Exchange& exchange);

/// Steps that both versions share.
Objection checkOperation(const Product& product, const std::string& version,
                         const std::string& operation);
Objection checkTimestamp(const std::string& text, std::int64_t now);
/// Whether key and token exist, belong together and are valid now.
Objection checkCredentials(World& world, const Claim& claim, AccessKey& found);
/// Uses the nonce up; last of all steps, so that refused requests leave it unused.
Objection spendNonce(World& world, const Claim& claim);
Objection missing(std::string_view parameter);

}  // namespace kms_secretd::emulator

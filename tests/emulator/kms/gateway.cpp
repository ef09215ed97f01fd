// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/gateway.hpp"

#include <cstdlib>

#include "emulator/server_clock.hpp"

namespace kms_secretd::emulator {
namespace {

constexpr std::int64_t kMaxSkew = 15 * 60;

Objection checkToken(World& world, const Claim& claim, const AccessKey& key) {
  if (claim.token == key.token) return std::nullopt;
  if (claim.token.empty()) {
    return gatewayError(400, "MissingSecurityToken", "SecurityToken is mandatory for this action.");
  }
  if (world.keyring.with([&](Keyring& keys) { return keys.knowsToken(claim.token); }) ||
      key.token.empty()) {
    return gatewayError(400, "InvalidSecurityToken.MismatchWithAccessKey",
                        "Specified SecurityToken mismatch with the AccessKey.");
  }
  return gatewayError(400, "InvalidSecurityToken.Malformed",
                      "Specified SecurityToken is malformed.");
}

ApiError expired(const AccessKey& key) {
  if (key.expiredAs == "InvalidAccessKeyId.NotFound") {
    return gatewayError(404, key.expiredAs, "Specified access key is not found.");
  }
  return gatewayError(400, key.expiredAs, "Specified SecurityToken is expired.");
}

// Form parameters count like query parameters. Nothing if anything is badly encoded.
std::optional<Params> allParams(const Request& request) {
  auto params = parseParams(request.query);
  const std::string* type = request.header("content-type");
  if (!params || type == nullptr || !type->starts_with("application/x-www-form-urlencoded")) {
    return params;
  }
  auto form = parseParams(request.body);
  if (!form) return std::nullopt;
  params->insert(params->end(), form->begin(), form->end());
  return params;
}

// The older vendor SDK names the operation in `x-acs-action` beside its V1 parameters, so that
// header alone does not tell.
bool isV3(const Request& request, const Params& params) {
  if (request.header("authorization") != nullptr) return true;
  return findParam(params, "Signature") == nullptr && request.header("x-acs-action") != nullptr;
}

}  // namespace

Objection missing(std::string_view parameter) {
  return gatewayError(400, "MissingParameter",
                      std::string(parameter) + " is mandatory for this action.");
}

Objection checkOperation(const Product& product, const std::string& version,
                         const std::string& operation) {
  if (operation.empty()) return missing("Action");
  if (version.empty()) return missing("Version");
  if (version != product.version) {
    return gatewayError(400, "InvalidVersion", "Specified parameter Version is not valid.");
  }
  if (product.hasOperation(operation)) return std::nullopt;
  return gatewayError(404, "InvalidApi.NotFound",
                      "Specified api is not found, please check your url and method.");
}

Objection checkTimestamp(const std::string& text, std::int64_t now) {
  const auto stamp = parseTimestamp(text);
  if (!stamp) {
    return gatewayError(400, "InvalidTimeStamp.Format",
                        "Specified time stamp or date value is not well formatted.");
  }
  if (std::llabs(*stamp - now) <= kMaxSkew) return std::nullopt;
  return gatewayError(400, "InvalidTimeStamp.Expired",
                      "Specified time stamp or date value is expired.");
}

Objection checkCredentials(World& world, const Claim& claim, AccessKey& found) {
  const auto key = world.keyring.with([&](Keyring& keys) { return keys.find(claim.keyId); });
  if (!key) {
    return gatewayError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
  }
  found = *key;
  if (!key->active) {
    return gatewayError(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.");
  }
  if (auto objection = checkToken(world, claim, *key)) return objection;
  if (key->expiresAt && *key->expiresAt <= world.clock.now()) return expired(*key);
  return std::nullopt;
}

Objection spendNonce(World& world, const Claim& claim) {
  const std::int64_t now = world.clock.now();
  const bool fresh = world.keyring.with(
      [&](Keyring& keys) { return keys.useNonce(claim.keyId, claim.nonce, now); });
  if (fresh) return std::nullopt;
  return gatewayError(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
}

Admission admit(World& world, const Product& product, const Request& request, Exchange& exchange) {
  exchange.method = request.method;
  if (request.method != "GET" && request.method != "POST") {
    return gatewayError(403, "UnsupportedHTTPMethod", "This http method is not supported.");
  }
  auto params = allParams(request);
  if (!params) {
    return gatewayError(400, "ParseRequestParameterException",
                        "The request parameters are not properly encoded.");
  }
  if (request.path != "/") {
    return gatewayError(404, "InvalidApi.NotFound",
                        "Specified api is not found, please check your url and method.");
  }
  const bool v3 = isV3(request, *params);
  return v3 ? admitV3(world, product, request, std::move(*params), exchange)
            : admitV1(world, product, request, std::move(*params), exchange);
}

}  // namespace kms_secretd::emulator

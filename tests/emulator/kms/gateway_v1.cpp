// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "emulator/kms/gateway.hpp"
#include "emulator/sign/v1.hpp"

namespace kms_secretd::emulator {
namespace {

constexpr std::array<std::string_view, 6> kMandatory = {"AccessKeyId",      "SignatureMethod",
                                                        "SignatureVersion", "Timestamp",
                                                        "SignatureNonce",   "Signature"};

// One V1 request on its way through the checks.
class V1Check {
 public:
  V1Check(World& world, const Product& product, const Request& request, const Params& params)
      : world_(world), product_(product), request_(request), params_(params) {}

  Objection run(Exchange& exchange) {
    describe(exchange);
    for (const auto step :
         {&V1Check::operation, &V1Check::presence, &V1Check::unambiguous, &V1Check::method,
          &V1Check::clock, &V1Check::credentials, &V1Check::signature, &V1Check::nonce}) {
      if (auto objection = (this->*step)()) return objection;
    }
    return std::nullopt;
  }

  const AccessKey& key() const { return key_; }
  std::string param(std::string_view name) const {
    const std::string* value = findParam(params_, name);
    return value == nullptr ? std::string{} : *value;
  }

 private:
  void describe(Exchange& exchange) {
    claim_ = {param("AccessKeyId"), param("SecurityToken"), param("SignatureNonce"),
              param("Timestamp")};
    exchange.scheme = "V1";
    exchange.operation = param("Action").substr(0, 64);
    exchange.accessKey = claim_.keyId.substr(0, 128);
    exchange.nonce = claim_.nonce.substr(0, 64);
  }

  Objection operation() { return checkOperation(product_, param("Version"), param("Action")); }

  Objection presence() {
    for (const std::string_view name : kMandatory) {
      if (param(name).empty()) return missing(name);
    }
    return std::nullopt;
  }

  // A parameter given twice could be signed once and read the other way.
  Objection unambiguous() {
    Params sorted = params_;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end(),
                                          [](auto& a, auto& b) { return a.first == b.first; });
    if (twice == sorted.end()) return std::nullopt;
    return gatewayError(400, "InvalidParameter", "A parameter was given twice.");
  }

  Objection method() {
    if (param("SignatureMethod") != "HMAC-SHA1") {
      return gatewayError(400, "InvalidSignatureMethod",
                          "Specified signature method is not supported.");
    }
    if (param("SignatureVersion") == "1.0") return std::nullopt;
    return gatewayError(400, "InvalidParameter",
                        "Specified parameter SignatureVersion is not valid.");
  }

  Objection clock() { return checkTimestamp(claim_.timestamp, world_.clock.now()); }
  Objection credentials() { return checkCredentials(world_, claim_, key_); }

  Objection signature() {
    const std::string text = v1::stringToSign(request_.method, params_);
    if (v1::sign(key_.secret, text) == param("Signature")) return std::nullopt;
    return gatewayError(400, "SignatureDoesNotMatch",
                        "Specified signature is not matched with our calculation. server string "
                        "to sign is:" +
                            text);
  }

  Objection nonce() { return spendNonce(world_, claim_); }

  World& world_;
  const Product& product_;
  const Request& request_;
  const Params& params_;
  Claim claim_;
  AccessKey key_;
};

}  // namespace

Admission admitV1(World& world, const Product& product, const Request& request, Params params,
                  Exchange& exchange) {
  V1Check check(world, product, request, params);
  if (auto objection = check.run(exchange)) return *objection;
  const bool json = toLower(check.param("Format")) == "json";
  Admitted out{check.key().id, check.key().account, check.param("Action"), {}, json};
  out.params = std::move(params);
  return out;
}

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "emulator/kms/gateway.hpp"
#include "emulator/sign/v3.hpp"

namespace kms_secretd::emulator {
namespace {

constexpr std::array<std::string_view, 6> kMandatory = {
    "host",       "x-acs-action",          "x-acs-content-sha256",
    "x-acs-date", "x-acs-signature-nonce", "x-acs-version"};

ApiError incomplete(const std::string& why) {
  return gatewayError(400, "IncompleteSignature",
                      "The request signature does not conform to Aliyun standards. " + why);
}

bool isBareHost(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

bool isOwnLoopback(std::string_view host, std::uint16_t port) {
  const std::string suffix = ':' + std::to_string(port);
  return host == "127.0.0.1" + suffix || host == "localhost" + suffix;
}

// One V3 request on its way through the checks, in the order of the members.
class V3Check {
 public:
  V3Check(World& world, const Product& product, const Request& request)
      : world_(world), product_(product), request_(request) {}

  Objection run(Exchange& exchange) {
    describe(exchange);
    for (const auto step : {&V3Check::operation, &V3Check::authorization, &V3Check::presence,
                            &V3Check::coverage, &V3Check::host, &V3Check::identity, &V3Check::clock,
                            &V3Check::credentials, &V3Check::signature, &V3Check::nonce}) {
      if (auto objection = (this->*step)()) return objection;
    }
    return std::nullopt;
  }

  const AccessKey& key() const { return key_; }
  const std::string& name() const { return action_; }

 private:
  std::string header(std::string_view name) const {
    const std::string* value = request_.header(name);
    return value == nullptr ? std::string{} : *value;
  }

  void describe(Exchange& exchange) {
    action_ = header("x-acs-action");
    const auto parsed = v3::parseAuthorization(header("authorization"));
    if (parsed) authorization_ = *parsed;
    claim_ = {authorization_.keyId, header("x-acs-security-token"), header("x-acs-signature-nonce"),
              header("x-acs-date")};
    exchange.scheme = "V3";
    exchange.operation = action_.substr(0, 64);
    exchange.accessKey = claim_.keyId.substr(0, 128);
    exchange.nonce = claim_.nonce.substr(0, 64);
  }

  Objection operation() { return checkOperation(product_, header("x-acs-version"), action_); }

  Objection authorization() {
    if (header("authorization").empty()) return missing("Authorization");
    if (authorization_.keyId.empty()) return incomplete("Authorization cannot be parsed.");
    return std::nullopt;
  }

  Objection presence() {
    for (const std::string_view name : kMandatory) {
      if (header(name).empty()) return missing(name);
    }
    return std::nullopt;
  }

  // Every x-acs-*, host and content-type on the wire is signed; nothing absent is; sorted, once.
  Objection coverage() {
    const auto& names = authorization_.signedHeaders;
    if (std::adjacent_find(names.begin(), names.end(), std::greater_equal<>{}) != names.end()) {
      return incomplete("SignedHeaders are not sorted.");
    }
    for (const auto& [name, value] : request_.headers) {
      if (v3::mustBeSigned(name) && !std::binary_search(names.begin(), names.end(), name)) {
        return incomplete(name + " is not signed.");
      }
    }
    for (const std::string& name : names) {
      if (request_.header(name) == nullptr) return incomplete(name + " was not sent.");
    }
    return std::nullopt;
  }

  // The real gateway signs the bare lower-case name only; see README.md for loopback.
  Objection host() {
    const std::string value = header("host");
    const auto settings = world_.settings.with([](Settings& s) { return s; });
    if (isBareHost(value)) return std::nullopt;
    if (!settings.strictHost && isOwnLoopback(value, settings.kmsPort)) return std::nullopt;
    return incomplete("Host has to be a bare lower-case name.");
  }

  Objection identity() {
    const std::string* id = request_.header("x-acs-accesskey-id");
    if (id == nullptr || *id == authorization_.keyId) return std::nullopt;
    return incomplete("x-acs-accesskey-id is not the Credential.");
  }

  Objection clock() { return checkTimestamp(claim_.timestamp, world_.clock.now()); }
  Objection credentials() { return checkCredentials(world_, claim_, key_); }

  Objection signature() {
    const auto canonical = v3::canonicalRequest(request_, authorization_.signedHeaders);
    if (!canonical) return incomplete("The query is not properly encoded.");
    const std::string text = v3::stringToSign(*canonical);
    if (v3::sign(key_.secret, text) == authorization_.signature &&
        header("x-acs-content-sha256") == canonical->substr(canonical->size() - 64)) {
      return std::nullopt;
    }
    return gatewayError(400, "SignatureDoesNotMatch",
                        "Specified signature does not match our calculation. server StringToSign "
                        "is [" +
                            text + "] server CanonicalRequest is [" + *canonical + "]");
  }

  Objection nonce() { return spendNonce(world_, claim_); }

  World& world_;
  const Product& product_;
  const Request& request_;
  v3::Authorization authorization_;
  std::string action_;
  Claim claim_;
  AccessKey key_;
};

// Without a word about JSON in Accept the gateway answers XML, its default format.
bool wantsJson(const Request& request) {
  const std::string* accept = request.header("accept");
  return accept != nullptr && accept->find("json") != std::string::npos;
}

}  // namespace

Admission admitV3(World& world, const Product& product, const Request& request, Params params,
                  Exchange& exchange) {
  V3Check check(world, product, request);
  if (auto objection = check.run(exchange)) return *objection;
  return Admitted{check.key().id, check.key().account, check.name(), std::move(params),
                  wantsJson(request)};
}

}  // namespace kms_secretd::emulator

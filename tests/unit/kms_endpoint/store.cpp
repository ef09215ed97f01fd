// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include <boost/json.hpp>

#include "alicloud/digest.hpp"
#include "alicloud/percent_encoding.hpp"

namespace kms_secretd::kms_endpoint {

using namespace std::chrono_literals;

sdk::OptionValue fileOption(std::string path) {
  return sdk::OptionValue(sdk::SecretRef{.value = std::move(path)});
}

sdk::OptionValue textOption(std::string text) { return sdk::OptionValue(std::move(text)); }

sdk::Options accessKeyOptions() {
  sdk::Options auth;
  auth.set("type", textOption("access_key"));
  auth.set("id", fileOption("id"));
  auth.set("secret", fileOption("secret"));
  return auth;
}

sdk::Options stsOptions() {
  auto auth = accessKeyOptions();
  auth.set("type", textOption("sts"));
  auth.set("token", fileOption("token"));
  return auth;
}

sdk::Options storeOptions(sdk::Options auth) {
  sdk::Options options;
  options.set("region", textOption("cn-hangzhou"));
  options.set("custom_endpoint", sdk::OptionValue(false));
  options.set("connect_timeout", sdk::OptionValue(sdk::Milliseconds(5s)));
  options.set("request_timeout", sdk::OptionValue(sdk::Milliseconds(10s)));
  options.set("auth", sdk::OptionValue(std::vector<sdk::Options>{std::move(auth)}));
  return options;
}

Store::Store() {
  host.source("id").set(canaryId);
  host.source("secret").set(canarySecret);
  host.source("token").set(canaryToken);
}

sdk::FetchRequest Store::request() {
  return {.name = "app/db", .deadline = host.clock().boot() + 1h};
}

sdk::Result<sdk::FetchedSecret> Store::fetch(sdk::FetchRequest const& wanted) {
  if (!backend_) backend_ = std::make_unique<KmsEndpoint>(options, host);
  return backend_->fetch(wanted);
}

void Store::refuse(int status, std::string const& code, std::string const& message) {
  boost::json::object const body{
      {"Code", code}, {"Message", message}, {"RequestId", "r-refused"}, {"HostId", "h"}};
  gateway().reply(
      {.status = status, .body = boost::json::serialize(body), .headers = {{"Date", hostsDate}}});
}

void Store::succeed() { gateway().reply({.body = replyBody(), .headers = {{"Date", hostsDate}}}); }

std::string replyBody(std::string const& more) {
  return R"({"SecretName":"app/db","VersionId":"v1","SecretData":"value","SecretType":"Generic",)"
         R"("SecretDataType":"text","VersionStages":{"VersionStage":["ACSCurrent"]},)"
         R"("RequestId":"r-1")" +
         more + "}";
}

alicloud::Canonical canonicalOf(fakes::SentRequest const& sent, std::string const& authority) {
  auto headers = sent.headers;
  headers.push_back({"host", authority});
  auto const query = sent.target.substr(2);
  auto const hash = alicloud::sha256Hex(sent.body);
  return alicloud::canonicalV3(
      {.method = sent.method, .query = query, .headers = &headers, .payloadHash = hash});
}

bool leaks(std::string const& text) {
  for (std::string const part :
       {"CANARY", "ACS3-HMAC-SHA256", "Signature=", "x-acs-security-token"}) {
    if (text.find(part) != std::string::npos) return true;
    if (text.find(alicloud::percentEncode(part)) != std::string::npos) return true;
  }
  return false;
}

}  // namespace kms_secretd::kms_endpoint

// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/get_secret_call.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "alicloud/secret_request.hpp"
#include "kms-instance-endpoint/error_table.hpp"
#include "kms-instance-endpoint/messages.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

constexpr char const* apiName = "GetSecretValue";

// Status and text of whatever refused, in protobuf or, from a gateway or proxy before it, not.
alicloud::RpcError errorOf(sdk::HttpResponse const& response) {
  if (auto error = decodeError(response.body.reveal(), response.status)) return *error;
  return alicloud::parseRpcError(response);
}

}  // namespace

using alicloud::Repeat;

GetSecretCall::GetSecretCall(CallTools const& tools, sdk::FetchRequest const& request)
    : tools_(tools), request_(request), body_(encodeGetSecretValue(request)) {}

sdk::Result<sdk::FetchedSecret> GetSecretCall::run() {
  if (auto const problem = alicloud::problemOf(request_)) {
    return unsendable(subject(), sdk::FailureKind::invalid_request, *problem);
  }
  auto first = tools_.keys.get(nullptr);
  if (!first) return unsendable(subject(), first.failure().kind, first.failure().message);
  key_ = std::move(first).value();
  while (true) {
    auto last = attempt();
    if (last.outcome.ok() || !mend(last)) return std::move(last.outcome);
  }
}

GetSecretCall::Attempt GetSecretCall::attempt() {
  auto const date = tools_.clockOffset.now();
  auto const call =
      signCall({.apiName = apiName, .keyId = key_->id(), .body = body_, .date = date}, *key_);
  auto const transport = tools_.transports.forKey(key_);
  if (!transport) {
    auto const& failure = transport.failure();
    return {.outcome = unsendable(subject(), failure.kind, failure.message)};
  }
  auto const response = transport.value()->send(requestOf(call));
  if (!response) return {.outcome = unreachable(subject(), response.failure())};
  auto attempt = judge(response.value(), {.call = call, .key = *key_, .date = date});
  attempt.signedDate = date;
  return attempt;
}

sdk::HttpRequest GetSecretCall::requestOf(SignedCall const& call) const {
  sdk::HttpRequest request;
  request.method = "POST";
  request.headers = call.headers;
  request.headers.push_back({"user-agent", tools_.userAgent});
  request.body = sdk::SecretBytes(body_);
  request.wantedHeaders.assign(std::begin(alicloud::errorHeaders),
                               std::end(alicloud::errorHeaders));
  request.deadline =
      std::min(request_.deadline, tools_.clock.boot() + tools_.settings.requestTimeout);
  request.cancellation = request_.cancellation;
  return request;
}

GetSecretCall::Attempt GetSecretCall::judge(sdk::HttpResponse const& response, Signed const& sent) {
  if (response.status == 200) return {.outcome = accept(response)};
  if (response.status >= 400) return refusal(response, sent);
  auto const status = "HTTP " + std::to_string(response.status);
  auto const what =
      response.status >= 300
          ? status + " is a redirect, which is never followed; check endpoint and proxy"
          : status + " does not answer GetSecretValue; check endpoint and proxy";
  return {.outcome = brokenAnswer(subject(), what, {})};
}

GetSecretCall::Attempt GetSecretCall::refusal(sdk::HttpResponse const& response,
                                              Signed const& sent) {
  auto const error = errorOf(response);
  auto failure = refused(subject(), error, sent);
  failure.retryAfter = alicloud::retryAfterOf(response);
  return {.outcome = std::move(failure),
          .repeat = verdictOn(error).repeat,
          .serverDate = std::string(response.header("date"))};
}

sdk::Result<sdk::FetchedSecret> GetSecretCall::accept(sdk::HttpResponse const& response) {
  auto reply = decodeSecretValue(response.body.reveal());
  if (!reply) return brokenAnswer(subject(), reply.failure().message, {});
  auto& secret = reply.value().secret;
  if (auto const mismatch = alicloud::mismatchOf(request_, reply.value())) {
    return brokenAnswer(subject(), *mismatch, secret.requestId);
  }
  secret.serverDate = std::string(response.header("date"));
  return std::move(secret);
}

// True if the refusal may be gone in one more attempt. Uses up the allowance for its cause.
bool GetSecretCall::mend(Attempt& refused) {
  switch (refused.repeat) {
    case Repeat::none:
      return false;
    case Repeat::fresh_nonce:
      return std::exchange(mayResend_, false);
    case Repeat::corrected_clock:
      return std::exchange(mayCorrectClock_, false) &&
             tools_.clockOffset.learn(refused.signedDate, refused.serverDate);
    case Repeat::fresh_credentials:
      return std::exchange(mayRenewKey_, false) && renewKey(refused.outcome.failure());
  }
  return false;
}

bool GetSecretCall::renewKey(sdk::Failure& failure) {
  auto fresh = tools_.keys.get(key_);
  if (!fresh) {
    failure.message += "; its client key could not be read anew: " + fresh.failure().message;
    return false;
  }
  // The same key would be refused the same way.
  if (fresh.value() == key_) return false;
  key_ = std::move(fresh).value();
  return true;
}

Subject GetSecretCall::subject() const noexcept {
  return {.secretName = request_.name, .host = tools_.settings.endpoint.host};
}

}  // namespace kms_secretd::kms_instance_endpoint

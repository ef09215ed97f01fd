// SPDX-License-Identifier: Apache-2.0
#include "kms-endpoint/get_secret_call.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "alicloud/json_document.hpp"
#include "alicloud/kms_reply.hpp"
#include "alicloud/nonce.hpp"
#include "alicloud/redaction.hpp"
#include "alicloud/secret_request.hpp"
#include "alicloud/v3_signing.hpp"
#include "kms-endpoint/get_secret_value.hpp"

namespace kms_secretd::kms_endpoint {

using alicloud::Repeat;

GetSecretCall::GetSecretCall(CallTools const& tools, sdk::FetchRequest const& request)
    : tools_(tools), request_(request) {}

sdk::Result<sdk::FetchedSecret> GetSecretCall::run() {
  if (auto const problem = alicloud::problemOf(request_)) {
    return unsendable(subject(), sdk::FailureKind::invalid_request, *problem);
  }
  auto first = credential(nullptr);
  if (!first) return unsendable(subject(), first.failure().kind, first.failure().message);
  credential_ = std::move(first).value();
  while (true) {
    auto last = attempt();
    if (last.outcome.ok() || !mend(last)) return std::move(last.outcome);
  }
}

sdk::Result<alicloud::CredentialPtr> GetSecretCall::credential(alicloud::CredentialPtr refused) {
  return tools_.credentials.get({.deadline = request_.deadline,
                                 .cancellation = request_.cancellation,
                                 .refused = std::move(refused)});
}

GetSecretCall::Attempt GetSecretCall::attempt() {
  // Nonce and date are new for every attempt: a used pair is refused.
  alicloud::SigningMoment const moment{.date = tools_.clockOffset.now(),
                                       .nonce = alicloud::freshNonce()};
  auto rpc = getSecretValue(request_, tools_.settings.endpoint.authority());
  if (tools_.dryRun) rpc.query.push_back({"DryRun", "true"});
  auto const call = alicloud::signV3(rpc, *credential_, moment);
  auto const response = tools_.transport.send(requestOf(call));
  if (!response) return {.outcome = unreachable(subject(), response.failure())};
  auto attempt = judge(response.value(), call);
  attempt.signedDate = moment.date;
  return attempt;
}

sdk::HttpRequest GetSecretCall::requestOf(alicloud::SignedRequest const& call) const {
  sdk::HttpRequest request;
  request.method = "POST";
  request.target = call.target;
  request.headers = call.headers;
  request.headers.push_back({"user-agent", tools_.userAgent});
  request.wantedHeaders.assign(std::begin(alicloud::errorHeaders),
                               std::end(alicloud::errorHeaders));
  request.deadline =
      std::min(request_.deadline, tools_.clock.boot() + tools_.settings.requestTimeout);
  request.cancellation = request_.cancellation;
  return request;
}

GetSecretCall::Attempt GetSecretCall::judge(sdk::HttpResponse const& response,
                                            alicloud::SignedRequest const& sent) {
  // A service that does not know DryRun answers as usual; then the value is dropped here.
  if (response.status == 200 && tools_.dryRun) return {.outcome = sdk::FetchedSecret{}};
  if (response.status == 200) return {.outcome = accept(response)};
  if (response.status >= 400) return refusal(response, sent);
  auto const status = "HTTP " + std::to_string(response.status);
  auto const what =
      response.status >= 300
          ? status + " is a redirect, which is never followed; check endpoint and proxy"
          : status + " does not answer GetSecretValue; check endpoint and proxy";
  return {.outcome = brokenAnswer(subject(), what,
                                  alicloud::plainIdentifier(response.header("x-acs-request-id")))};
}

GetSecretCall::Attempt GetSecretCall::refusal(sdk::HttpResponse const& response,
                                              alicloud::SignedRequest const& sent) {
  auto const error = alicloud::parseRpcError(response);
  // How KMS says that the call would have succeeded (KMS protocol 1.3).
  if (tools_.dryRun && error.code == "DryRunOperationError") {
    return {.outcome = sdk::FetchedSecret{}};
  }
  auto failure = refused(subject(), error, {.request = sent, .credential = *credential_});
  failure.retryAfter = alicloud::retryAfterOf(response);
  return {.outcome = std::move(failure),
          .repeat = alicloud::classify(error).repeat,
          .serverDate = std::string(response.header("date"))};
}

sdk::Result<sdk::FetchedSecret> GetSecretCall::accept(sdk::HttpResponse const& response) {
  auto const headerId = alicloud::plainIdentifier(response.header("x-acs-request-id"));
  auto reply = alicloud::parseSecretValue(response.body.reveal(), alicloud::wipingStorage());
  if (!reply) return brokenAnswer(subject(), reply.failure().message, headerId);
  auto& secret = reply.value().secret;
  if (secret.requestId.empty()) secret.requestId = headerId;
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
      return std::exchange(mayChangeNonce_, false);
    case Repeat::corrected_clock:
      return std::exchange(mayCorrectClock_, false) &&
             tools_.clockOffset.learn(refused.signedDate, refused.serverDate);
    case Repeat::fresh_credentials:
      return std::exchange(mayRenewCredential_, false) &&
             renewCredential(refused.outcome.failure());
  }
  return false;
}

bool GetSecretCall::renewCredential(sdk::Failure& failure) {
  auto fresh = credential(credential_);
  if (!fresh) {
    failure.message += "; its credential could not be read anew: " + fresh.failure().message;
    return false;
  }
  // The same key would be refused the same way.
  if (fresh.value() == credential_) return false;
  credential_ = std::move(fresh).value();
  return true;
}

Subject GetSecretCall::subject() const noexcept {
  return {.secretName = request_.name, .host = tools_.settings.endpoint.host};
}

}  // namespace kms_secretd::kms_endpoint

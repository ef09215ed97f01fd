// SPDX-License-Identifier: Apache-2.0
#include "alicloud/secret_read.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "alicloud/redaction.hpp"
#include "alicloud/secret_request.hpp"

namespace kms_secretd::alicloud {

sdk::Result<sdk::FetchedSecret> SecretRead::run() {
  if (auto const problem = problemOf(request_)) {
    return unsendable(subject(), sdk::FailureKind::invalid_request, *problem);
  }
  auto const login = protocol_.login(false);
  if (!login) return unsendable(subject(), login.failure().kind, login.failure().message);
  while (true) {
    auto last = attempt();
    if (last.outcome.ok() || !mend(last)) return std::move(last.outcome);
  }
}

SecretRead::Attempt SecretRead::attempt() {
  // The date is new for every attempt, as is the nonce where there is one: a used pair is refused.
  auto const date = tools_.clockOffset.now();
  auto sent = protocol_.sign(date);
  if (!sent) return {.outcome = unsendable(subject(), sent.failure().kind, sent.failure().message)};
  auto& [request, transport] = sent.value();
  complete(request);
  auto const response = transport->send(request);
  if (!response) return {.outcome = unreachable(subject(), response.failure())};
  serverDate_ = response.value().header("date");
  auto attempt = judge(response.value());
  attempt.signedDate = date;
  return attempt;
}

void SecretRead::complete(sdk::HttpRequest& request) const {
  request.method = "POST";
  request.headers.push_back({"user-agent", tools_.userAgent});
  request.wantedHeaders.assign(std::begin(errorHeaders), std::end(errorHeaders));
  request.deadline = std::min(request_.deadline, tools_.clock.boot() + tools_.requestTimeout);
  request.cancellation = request_.cancellation;
}

SecretRead::Attempt SecretRead::judge(sdk::HttpResponse const& response) {
  if (response.status == 200) return {.outcome = accept(response)};
  if (response.status >= 400) return refusal(response);
  auto const status = "HTTP " + std::to_string(response.status);
  auto const what =
      response.status >= 300
          ? status + " is a redirect, which is never followed; check endpoint and proxy"
          : status + " does not answer GetSecretValue; check endpoint and proxy";
  return {.outcome =
              brokenAnswer(subject(), what, plainIdentifier(response.header("x-acs-request-id")))};
}

SecretRead::Attempt SecretRead::refusal(sdk::HttpResponse const& response) {
  auto refusal = protocol_.refuse(response);
  if (refusal.granted) return {.outcome = sdk::FetchedSecret{}};
  refusal.failure.retryAfter = retryAfterOf(response);
  refusal.failure.message.insert(0, beginningOf(subject()));
  return {.outcome = std::move(refusal.failure), .repeat = refusal.repeat};
}

sdk::Result<sdk::FetchedSecret> SecretRead::accept(sdk::HttpResponse const& response) {
  auto const headerId = plainIdentifier(response.header("x-acs-request-id"));
  auto reply = protocol_.accept(response);
  if (!reply) return brokenAnswer(subject(), reply.failure().message, headerId);
  auto& secret = reply.value().secret;
  if (secret.requestId.empty()) secret.requestId = headerId;
  if (auto const mismatch = mismatchOf(request_, reply.value())) {
    return brokenAnswer(subject(), *mismatch, secret.requestId);
  }
  secret.serverDate = serverDate_;
  return std::move(secret);
}

// True if the refusal may be gone in one more attempt. Uses up the allowance for its cause.
bool SecretRead::mend(Attempt& refused) {
  switch (refused.repeat) {
    case Repeat::none:
      return false;
    case Repeat::fresh_nonce:
      return std::exchange(mayChangeNonce_, false);
    case Repeat::corrected_clock:
      return std::exchange(mayCorrectClock_, false) &&
             tools_.clockOffset.learn(refused.signedDate, serverDate_);
    case Repeat::fresh_credentials:
      return std::exchange(mayRenewLogin_, false) && renewLogin(refused.outcome.failure());
  }
  return false;
}

// The same login would be refused the same way.
bool SecretRead::renewLogin(sdk::Failure& failure) {
  auto const renewed = protocol_.login(true);
  if (renewed) return renewed.value();
  failure.message.append("; its ").append(protocol_.loginName());
  failure.message += " could not be read anew: " + renewed.failure().message;
  return false;
}

ReadSubject SecretRead::subject() const noexcept {
  return {.secretName = request_.name, .host = tools_.host};
}

}  // namespace kms_secretd::alicloud

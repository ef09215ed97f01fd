// SPDX-License-Identifier: Apache-2.0
#include "kms-endpoint/open_api.hpp"

#include <utility>

#include "alicloud/json_document.hpp"
#include "alicloud/nonce.hpp"
#include "kms-endpoint/failures.hpp"
#include "kms-endpoint/get_secret_value.hpp"

namespace kms_secretd::kms_endpoint {

sdk::Result<bool> OpenApi::login(bool anew) {
  auto credential = tools_.credentials.get({.deadline = request_.deadline,
                                            .cancellation = request_.cancellation,
                                            .refused = anew ? credential_ : nullptr});
  if (!credential) return std::move(credential.failure());
  return std::exchange(credential_, credential.value()) != credential.value();
}

sdk::Result<alicloud::SignedRead> OpenApi::sign(sdk::WallTime date) {
  auto call = getSecretValue(request_, tools_.endpoint.authority());
  if (tools_.dryRun) call.query.push_back({"DryRun", "true"});
  sent_ = alicloud::signV3(call, *credential_, {.date = date, .nonce = alicloud::freshNonce()});
  alicloud::SignedRead read{.transport = &tools_.transport};
  read.request.target = sent_.target;
  read.request.headers = sent_.headers;
  return read;
}

sdk::Result<alicloud::SecretValueReply> OpenApi::accept(sdk::HttpResponse const& response) {
  // A service that does not know DryRun answers as usual; then the value is dropped here.
  if (tools_.dryRun) return alicloud::SecretValueReply{};
  return alicloud::parseSecretValue(response.body.reveal(), alicloud::wipingStorage());
}

alicloud::Refusal OpenApi::refuse(sdk::HttpResponse const& response) {
  auto const error = alicloud::parseRpcError(response);
  // How KMS says that the call would have succeeded (KMS protocol 1.3).
  if (tools_.dryRun && error.code == "DryRunOperationError") return {.granted = true};
  return {.failure = refused(error, {.request = sent_, .credential = *credential_}),
          .repeat = alicloud::classify(error).repeat};
}

sdk::Result<sdk::FetchedSecret> readSecret(CallTools const& tools,
                                           sdk::FetchRequest const& request) {
  OpenApi protocol(tools, request);
  return alicloud::SecretRead(tools.read, request, protocol).run();
}

}  // namespace kms_secretd::kms_endpoint

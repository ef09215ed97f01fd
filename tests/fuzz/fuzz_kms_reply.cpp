// SPDX-License-Identifier: Apache-2.0
#include "alicloud/kms_reply.hpp"
#include "alicloud/rpc_error.hpp"
#include "target.hpp"

namespace kms_secretd::fuzz {

void feed(std::string_view input) {
  (void)alicloud::parseSecretValue(input, {});
  sdk::HttpResponse response;
  response.status = 400;
  response.body = sdk::SecretBytes(input);
  (void)alicloud::classify(alicloud::parseRpcError(response));
}

std::vector<std::string_view> seeds() {
  return {
      R"({"SecretName":"a","VersionId":"v2","SecretData":"p\u00f6","SecretType":"Generic",
"SecretDataType":"text","VersionStages":{"VersionStage":["ACSCurrent"]},
"CreateTime":"2026-08-30T07:15:01Z","RequestId":"6a3e9c36-1150-4881-84d3-eb8672fcafad"})",
      R"({"SecretData":"AAECAwQ=","SecretDataType":"binary","VersionId":"v1","SecretName":"a"})",
      R"({"HttpStatus":404,"Code":"Forbidden.ResourceNotFound","Message":"m","RequestId":"r"})",
      "<Error><Code>Throttling</Code><Message>m</Message></Error>"};
}

}  // namespace kms_secretd::fuzz

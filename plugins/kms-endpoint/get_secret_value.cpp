// SPDX-License-Identifier: Apache-2.0
#include "kms-endpoint/get_secret_value.hpp"

#include <utility>

namespace kms_secretd::kms_endpoint {

alicloud::RpcRequest getSecretValue(sdk::FetchRequest const& request, std::string authority) {
  alicloud::RpcRequest call{.host = std::move(authority),
                            .action = "GetSecretValue",
                            .version = "2016-01-20",
                            .query = {{"SecretName", request.name}}};
  if (!request.versionStage.empty()) call.query.push_back({"VersionStage", request.versionStage});
  if (!request.versionId.empty()) call.query.push_back({"VersionId", request.versionId});
  if (request.extendedConfig) call.query.push_back({"FetchExtendedConfig", "true"});
  return call;
}

}  // namespace kms_secretd::kms_endpoint

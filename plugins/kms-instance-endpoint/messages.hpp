// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/failure.hpp>

#include "alicloud/kms_reply.hpp"
#include "alicloud/rpc_error.hpp"

// The protobuf messages of the instance protocol, "dkms-gcs-0.2" (KMS protocol 5.4).

namespace kms_secretd::kms_instance_endpoint {

/// A GetSecretValueRequest. Fields that are not set are not sent.
[[nodiscard]] std::string encodeGetSecretValue(sdk::FetchRequest const& request);

/// Reads a GetSecretValueResponse, strictly as the JSON form is read: SecretData and VersionId must
/// be there, no field but the stages may occur twice, text is UTF-8, binary values are base64.
/// Unknown fields are skipped. Fails with invalid_response; the message is a fragment such as "its
/// VersionId is missing" and never holds a byte of the body. Throws only std::bad_alloc.
[[nodiscard]] sdk::Result<alicloud::SecretValueReply> decodeSecretValue(std::string_view body);

/// Reads an Error message into its code, text and request id; nothing if it is none (the HTML of a
/// proxy). Its own StatusCode is ignored for that of HTTP, `status`. Throws only std::bad_alloc.
[[nodiscard]] std::optional<alicloud::RpcError> decodeError(std::string_view body, int status);

}  // namespace kms_secretd::kms_instance_endpoint

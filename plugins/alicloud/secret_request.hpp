// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <kms-secretd/backend.hpp>

#include "alicloud/kms_reply.hpp"

// What may be asked of KMS and what an answer must look like, whatever the protocol between; pure.

namespace kms_secretd::alicloud {

/// Why a request is not worth sending (no name, over 512 bytes, control characters), or nothing.
[[nodiscard]] std::optional<std::string> problemOf(sdk::FetchRequest const& request);

/// True if the service's echo of a secret's name means the one that was asked for. Either may be a
/// name or an ARN: whether an ARN is echoed as such is documented nowhere.
[[nodiscard]] bool isSameSecret(std::string_view asked, std::string_view echoed) noexcept;

/// Why a well-formed reply does not answer the request, or nothing. Managed secrets ignore version
/// ids, so only those of a Generic secret are compared (KMS protocol 1.3).
[[nodiscard]] std::optional<std::string> mismatchOf(sdk::FetchRequest const& request,
                                                    SecretValueReply const& reply);

}  // namespace kms_secretd::alicloud

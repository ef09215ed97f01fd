// SPDX-License-Identifier: Apache-2.0
#include "kube/token_reply.hpp"

#include "kube/dates.hpp"
#include "kube/json_read.hpp"

namespace kms_secretd::kube {

std::optional<sdk::ServiceAccountToken> parseTokenReply(std::string_view text) {
  auto const document = parseJson(text);
  auto const* const object = document ? document->if_object() : nullptr;
  auto const* const status = object == nullptr ? nullptr : objectOf(*object, "status");
  if (status == nullptr) return std::nullopt;
  auto const token = textOf(*status, "token");
  auto const expiresAt = parseRfc3339(textOf(*status, "expirationTimestamp"));
  if (token.empty() || !expiresAt) return std::nullopt;
  return sdk::ServiceAccountToken{.token = sdk::SecretBytes(token), .expiresAt = *expiresAt};
}

}  // namespace kms_secretd::kube

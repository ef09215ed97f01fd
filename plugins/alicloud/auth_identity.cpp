// SPDX-License-Identifier: Apache-2.0
#include "alicloud/auth_identity.hpp"

namespace kms_secretd::alicloud {

std::string describeAuth(sdk::Options const& auth) {
  auto text = auth.text("type");
  for (auto const* option : {"role_name", "role_arn"}) {
    if (auth.has(option)) text.append(" ").append(auth.text(option));
  }
  if (auth.has("remote_role")) text.append(" then ").append(auth.text("remote_role"));
  return text;
}

std::string shortId(std::string_view accessKeyId) {
  constexpr std::size_t shown = 4;
  if (accessKeyId.size() < 2 * shown) return "...";
  return "..." + std::string(accessKeyId.substr(accessKeyId.size() - shown));
}

}  // namespace kms_secretd::alicloud

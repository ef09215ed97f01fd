// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <kms-secretd/failure.hpp>
#include <kms-secretd/secret_bytes.hpp>

#include "alicloud/credential.hpp"
#include "alicloud/sts_client.hpp"

namespace kms_secretd::alicloud {

/// What one profile of the vendor's files says (KMS protocol 4.7).
struct ProfileLogin {
  enum class Kind { keys, ecs_role, oidc, uri };

  Kind kind = Kind::keys;
  CredentialPtr keys{};              ///< keys: an access key or an STS triple
  std::string roleName{};            ///< ecs_role; may be empty
  std::string providerArn{};         ///< oidc
  std::string tokenFile{};           ///< oidc: path of the token
  RoleSession session{};             ///< oidc: the role
  std::string uri{};                 ///< uri
  std::vector<RoleSession> roles{};  ///< to assume one after the other from there
  std::string stsRegion{};           ///< empty = the store's
  bool stsVpc = false;               ///< only with stsRegion
};

/// Reads the profile `name` of a credentials file: INI as `~/.alibabacloud/credentials`, or JSON as
/// the CLI's `~/.aliyun/config.json`, told apart by the first character. An empty name is `default`
/// in INI and the current profile in JSON. Chained profiles are followed, a loop is refused.
/// Failures are unauthenticated; the message is a fragment that names profile and member, never a
/// value of the file. `defaults` fills in name and duration of sessions.
[[nodiscard]] sdk::Result<ProfileLogin> readProfile(sdk::SecretBytes const& file,
                                                    std::string_view name,
                                                    RoleSession const& defaults);

}  // namespace kms_secretd::alicloud

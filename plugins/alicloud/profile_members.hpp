// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <kms-secretd/failure.hpp>
#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::alicloud {

/// The members of one profile by name; wiped with it.
using ProfileMembers = std::map<std::string, sdk::SecretBytes, std::less<>>;

/// All profiles of a file by name.
struct ProfileSet {
  bool isJson = false;
  std::string current{};  ///< the profile that counts where none is named
  std::map<std::string, ProfileMembers, std::less<>> profiles{};
};

/// Splits a file of either format; says nothing yet of what the members mean. Failures are
/// unauthenticated, a fragment without content but for a line number.
[[nodiscard]] sdk::Result<ProfileSet> splitProfiles(std::string_view text);

}  // namespace kms_secretd::alicloud

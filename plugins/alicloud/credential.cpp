// SPDX-License-Identifier: Apache-2.0
#include "alicloud/credential.hpp"

namespace kms_secretd::alicloud {

// The id is no secret by itself, but it tells whose key leaked next to it.
Credential::~Credential() { sdk::wipe(id_.data(), id_.size()); }

}  // namespace kms_secretd::alicloud

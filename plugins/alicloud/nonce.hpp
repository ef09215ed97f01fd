// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kms_secretd::alicloud {

/// 128 random bits as 32 lower-case hex digits. A nonce must be unique among all hosts of an
/// account for 15 minutes, so it is never made from the time (KMS protocol, V3 signing). Throws
/// std::runtime_error if the random generator fails. Any thread.
[[nodiscard]] std::string freshNonce();

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::alicloud {

/// Decodes standard base64 strictly (RFC 4648: padding present, no white space, unused bits zero);
/// nothing on anything else. Strict, because a guess would write wrong bytes into a Secret.
[[nodiscard]] std::optional<sdk::SecretBytes> decodeBase64(std::string_view text);

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace kms_secretd::alicloud {

/// Encodes the bytes of `text` as the signatures want it: `A-Z a-z 0-9 - _ . ~` stay, every other
/// byte becomes `%XX` in upper case, so a space is `%20` and `/` is `%2F` (KMS protocol, V3 and V1
/// signing). Throws only std::bad_alloc. Any thread.
[[nodiscard]] std::string percentEncode(std::string_view text);

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kms_secretd::alicloud {

/// `text` if it is a plain identifier (letters, digits, `-_.`, at most 128), such as a code or
/// request id of a well-meaning service; else empty, so that nothing strange reaches a log.
[[nodiscard]] std::string plainIdentifier(std::string_view text);

/// Makes a text of the service fit for a message: an echo of the string to sign or of the canonical
/// request (which holds the security token) is cut off, every occurrence of a `sensitive` string of
/// 4 bytes or more, plain or percent-encoded, is replaced, bytes outside of printable ASCII become
/// '?', and what is left is shortened to 300 bytes. Any thread.
[[nodiscard]] std::string presentable(std::string_view text,
                                      std::vector<std::string_view> const& sensitive);

}  // namespace kms_secretd::alicloud

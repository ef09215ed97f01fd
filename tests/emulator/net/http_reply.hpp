// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kms_secretd::emulator {

/// One HTTP reply before it is written; framing headers are added by renderHead().
struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool close = false;  // say `Connection: close` and mean it

  void setHeader(std::string_view name, std::string value);
};

/// The standard reason phrase, or "Unknown".
std::string_view reasonPhrase(int status);

/// Status line and headers with the empty line; `framing` is the complete framing header
/// (`Content-Length: 5` or `Transfer-Encoding: chunked`).
std::string renderHead(const Reply& reply, std::string_view framing);

/// `Content-Length: <n>`; negative numbers are written as they are (faults want them).
std::string contentLengthHeader(std::int64_t length);

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "emulator/net/stream.hpp"

namespace kms_secretd::emulator {

/// One HTTP/1.x request as it came over the wire. Header names are lower case.
struct Request {
  std::string method;
  std::string path;
  std::string query;  // still encoded
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool keepAlive = true;

  /// The first header of that lower-case name, or null.
  const std::string* header(std::string_view name) const;
};

/// Why a request could not be read; the connection is closed after answering `status`.
struct BadRequest {
  int status;
  std::string reason;
};

/// The client said goodbye, went silent, or was interrupted: nothing to answer.
struct NoRequest {};

using HeadResult = std::variant<Request, BadRequest>;
using ReadResult = std::variant<Request, BadRequest, NoRequest>;

/// Parses a request line and headers, without the empty line at the end. Strict: bare CR or LF,
/// control characters, folded lines, a second Host or Content-Length are refused.
HeadResult parseRequestHead(std::string_view head);

/// Bounds of one request.
struct RequestLimits {
  std::size_t headBytes = 65536;
  std::size_t bodyBytes = 4U << 20U;
};

/// Reads one request after another from a keep-alive connection. On the connection's thread.
class RequestReader {
 public:
  explicit RequestReader(Stream& stream, RequestLimits limits = {});
  /// Waits up to `idle` for each portion of bytes.
  ReadResult next(std::chrono::milliseconds idle);

 private:
  ReadResult readBody(Request request, std::chrono::milliseconds idle);
  bool readMore(std::chrono::milliseconds idle);

  Stream& stream_;
  RequestLimits limits_;
  std::string buffer_;
};

}  // namespace kms_secretd::emulator

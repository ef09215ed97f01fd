// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kms_secretd::control {

/// One request as the control socket takes it.
struct HttpRequest {
  std::string method{};
  std::string path{};  ///< without the query
  std::string host{};  ///< lower case, as sent
  std::string body{};
};

/// An answer to send.
struct HttpReply {
  int status = 200;
  std::string contentType = "application/json";
  std::string body{};
};

/// The bytes of `reply`. The connection ends with it.
[[nodiscard]] std::string encodeReply(HttpReply const& reply);

/// Reads one HTTP/1.1 request, strictly: what is ambiguous is refused, not repaired. Chunked
/// bodies, folded headers, bare line feeds and a second Host or Content-Length are refused;
/// whatever stands behind the request is ignored, for each connection carries one. Not thread-safe.
class RequestReader {
 public:
  static constexpr std::size_t maxHead = 8 * 1024;
  static constexpr std::size_t maxBody = 16 * 1024;

  /// Takes more bytes; nothing to do once done() or refused().
  void feed(std::string_view bytes);
  /// The request is complete.
  [[nodiscard]] bool done() const noexcept { return done_; }
  /// The answer to a request that is none; nothing as long as it may become one.
  [[nodiscard]] std::optional<HttpReply> const& refusal() const noexcept { return refusal_; }
  /// The request; only if done().
  [[nodiscard]] HttpRequest const& request() const noexcept { return request_; }

 private:
  void readHead(std::string_view head);
  void readRequestLine(std::string_view line);
  void readHeader(std::string_view line);
  void readBody();
  void refuse(int status, std::string const& why);

  std::string bytes_{};
  HttpRequest request_{};
  std::optional<std::size_t> bodySize_{};
  bool headRead_ = false;
  bool hostSeen_ = false;
  bool done_ = false;
  std::optional<HttpReply> refusal_{};
};

/// A reply that says what is wrong: {"error": ...}.
[[nodiscard]] HttpReply errorReply(int status, std::string const& what);

}  // namespace kms_secretd::control

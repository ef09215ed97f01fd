// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "platform/streaming_transport.hpp"

namespace kms_secretd::platform {

/// The peer's bytes are not HTTP/1.1 as we accept it, or go over a limit. The text holds no byte of
/// the peer.
class ProtocolError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What replies are accepted.
struct ReplyRules {
  std::size_t maxHeaderBytes = 64 * 1024;     ///< of all heads of one reply, interim ones included
  std::optional<std::size_t> maxBodyBytes{};  ///< none = endless
  bool withoutBody = false;                   ///< to HEAD and CONNECT
  bool bodyToEof = false;                     ///< a body may end with the connection
  std::span<std::string const> wantedHeaders{};  ///< besides date, retry-after and content-type
};

/// Reads one reply, interim (1xx) ones before it included, and feeds it to a sink. Uses
/// Boost.Beast's grammar behind a wall; the guards that Beast lacks are
/// here (tests/unit/platform/http_guards_test.cpp has them by number). One parser per exchange; not
/// thread-safe.
class ReplyParser {
 public:
  /// What `rules` points to and `sink` outlive the parser.
  ReplyParser(ReplyRules rules, BodySink& sink);
  ~ReplyParser();
  ReplyParser(ReplyParser const&) = delete;
  ReplyParser& operator=(ReplyParser const&) = delete;

  /// Takes what it can of `offered` and tells how much; the rest must be offered again with more
  /// behind it. Throws ProtocolError.
  [[nodiscard]] std::size_t consume(std::string_view offered);
  /// The peer closed the connection in order. True if that completes the reply, false if it cut it.
  [[nodiscard]] bool endOfInput();

  /// The reply is complete, or the sink wants no more.
  [[nodiscard]] bool done() const noexcept;
  /// The sink returned false.
  [[nodiscard]] bool stopped() const noexcept;
  /// The head of the final reply was given to the sink.
  [[nodiscard]] bool headDone() const noexcept;
  /// The peer allows another request on this connection (only where done() by itself).
  [[nodiscard]] bool keepAlive() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kms_secretd::platform

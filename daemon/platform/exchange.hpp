// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <kms-secretd/secret_bytes.hpp>

#include "platform/connection.hpp"
#include "platform/http_codec.hpp"

namespace kms_secretd::platform {

/// Bytes that came and wait for the parser; wiped when they go.
class ReadBuffer {
 public:
  ReadBuffer();
  /// Doubles the room up to `limit`; false if it is that large already.
  bool grow(std::size_t limit);
  [[nodiscard]] bool full() const noexcept { return end_ == storage_.size(); }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  [[nodiscard]] char* room() noexcept { return storage_.writable() + end_; }
  [[nodiscard]] std::size_t roomSize() const noexcept { return storage_.size() - end_; }
  [[nodiscard]] std::string_view waiting() const noexcept;
  void filled(std::size_t size) noexcept { end_ += size; }
  /// Drops the first `size` bytes and moves the rest to the front.
  void drop(std::size_t size) noexcept;

 private:
  sdk::SecretBytes storage_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// One request and its reply on one connection. One thread; used once.
class Exchange {
 public:
  /// `connection` outlives the exchange.
  Exchange(Connection& connection, ReplyRules rules, BodySink& sink);

  /// From the reply's head on each wait may last this long, whatever the deadline.
  void renewAtEachRead(sdk::Milliseconds idle) noexcept { idle_ = idle; }

  /// Sends `request`, feeds the reply to the sink. True if the connection may serve another
  /// exchange. Throws NetError and ProtocolError.
  bool run(sdk::SecretBytes const& request, WaitScope const& scope);

  /// A byte of a reply came: from then on the request may have had its effect and is not repeated.
  [[nodiscard]] bool replyStarted() const noexcept { return replyStarted_; }
  /// The sink ended the exchange.
  [[nodiscard]] bool stopped() const noexcept { return parser_.stopped(); }

 private:
  void makeRoom();
  bool readSome(WaitScope scope);
  void endOfInput();

  Connection& connection_;
  std::size_t const maxHeaderBytes_;
  ReplyParser parser_;
  ReadBuffer buffer_{};
  std::optional<sdk::Milliseconds> idle_{};
  bool replyStarted_ = false;
};

}  // namespace kms_secretd::platform

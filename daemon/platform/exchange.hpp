// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include <kms-secretd/secret_bytes.hpp>

#include "platform/connection.hpp"
#include "platform/http_codec.hpp"

namespace kms_secretd::platform {

/// One request and its reply on one connection. One thread; used once.
class Exchange {
 public:
  /// `connection` and what `rules` points to outlive the exchange.
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
  bool converse(sdk::SecretBytes const& request, WaitScope const& scope);
  void makeRoom();
  bool readSome(WaitScope scope);
  void endOfInput();

  Connection& connection_;
  ReadBuffer& buffer_;
  std::size_t const maxHeaderBytes_;
  ReplyParser parser_;
  std::optional<sdk::Milliseconds> idle_{};
  bool replyStarted_ = false;
};

}  // namespace kms_secretd::platform

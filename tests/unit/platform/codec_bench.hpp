// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/http_codec.hpp"

namespace kms_secretd::platform {

/// What came of feeding bytes to a ReplyParser.
struct Parsed {
  bool complete = false;
  std::string problem{};  ///< of the ProtocolError, or empty
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::string leftover{};
  bool keepAlive = false;

  /// Whether garbage is seen at once or only when no more comes may depend on how the bytes were
  /// cut; whether a reply is accepted, and as what, may not.
  friend bool operator==(Parsed const& a, Parsed const& b) {
    return a.complete == b.complete &&
           (!a.complete || (a.status == b.status && a.headers == b.headers && a.body == b.body &&
                            a.leftover == b.leftover && a.keepAlive == b.keepAlive));
  }
};

/// Feeds replies to parsers as an Exchange does, without a socket.
class CodecBench {
 public:
  ReplyRules rules{.maxHeaderBytes = 4096, .maxBodyBytes = 10000};
  bool closeAtEnd = false;  ///< the peer closes in order behind the bytes

  /// Offers `bytes`, at most `pieceSize` new ones at a time.
  [[nodiscard]] Parsed feed(std::string_view bytes, std::size_t pieceSize) const {
    Parsed parsed;
    Sink sink(parsed);
    ReplyParser parser(rules, sink);
    try {
      drive(parser, bytes, pieceSize, parsed);
    } catch (ProtocolError const& error) {
      parsed.problem = error.what();
    }
    return parsed;
  }
  [[nodiscard]] Parsed feedWhole(std::string_view bytes) const { return feed(bytes, bytes.size()); }

  /// True if the outcome does not depend on how the bytes are cut.
  [[nodiscard]] bool sameHoweverCut(std::string_view bytes) const {
    Parsed const whole = feedWhole(bytes);
    for (std::size_t size = 1; size <= std::min<std::size_t>(bytes.size(), 40); ++size) {
      if (!(feed(bytes, size) == whole)) return false;
    }
    return true;
  }

 private:
  class Sink final : public BodySink {
   public:
    explicit Sink(Parsed& parsed) : parsed_(parsed) {}
    bool onHead(sdk::HttpResponse&& head) noexcept override {
      parsed_.status = head.status;
      for (auto const& each : head.headers) parsed_.headers.emplace_back(each.name, each.value);
      return true;
    }
    bool onChunk(std::string_view bytes) noexcept override {
      parsed_.body += bytes;
      return true;
    }

   private:
    Parsed& parsed_;
  };

  void drive(ReplyParser& parser, std::string_view bytes, std::size_t pieceSize,
             Parsed& parsed) const {
    std::string waiting;
    while (!parser.done() && !bytes.empty()) {
      waiting += bytes.substr(0, pieceSize);
      bytes.remove_prefix(std::min(pieceSize, bytes.size()));
      waiting.erase(0, parser.consume(waiting));
      if (waiting.size() > bufferBound) throw ProtocolError("the buffer is full");
    }
    parsed.leftover = waiting + std::string(bytes);
    if (!parser.done() && closeAtEnd) {
      parsed.complete = parser.endOfInput();
      return;
    }
    parsed.complete = parser.done();
    parsed.keepAlive = parser.keepAlive();
  }

  static constexpr std::size_t bufferBound = 16 * 1024;
};

}  // namespace kms_secretd::platform

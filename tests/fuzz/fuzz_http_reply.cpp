// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "platform/http_codec.hpp"
#include "target.hpp"

namespace kms_secretd::fuzz {
namespace {

class Sink final : public platform::BodySink {
 public:
  bool onHead(sdk::HttpResponse&&) noexcept override { return true; }
  bool onChunk(std::string_view) noexcept override { return true; }
};

// As the exchange does it: offers what is there, `piece` bytes more each time.
void parse(std::string_view input, std::size_t piece) {
  Sink sink;
  platform::ReplyParser parser({.maxHeaderBytes = 4096, .maxBodyBytes = 65'536}, sink);
  std::size_t from = 0;
  for (std::size_t until = piece; from < input.size() && !parser.done(); until += piece) {
    auto const end = std::min(until, input.size());
    from += parser.consume(input.substr(from, end - from));
    if (end == input.size()) break;
  }
  if (!parser.done()) (void)parser.endOfInput();
}

}  // namespace

void feed(std::string_view input) {
  for (std::size_t const piece : {std::size_t{1}, std::size_t{7}, input.size() + 1}) {
    try {
      parse(input, piece);
    } catch (platform::ProtocolError const&) {
      // The one way in which it may say no.
    }
  }
}

std::vector<std::string_view> seeds() {
  return {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: x\r\n\r\n{}",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          "2;x=y\r\n{}\r\n0\r\nTrailer: t\r\n\r\n",
          "HTTP/1.0 503 No\r\nRetry-After: 3\r\n\r\nbody to the end"};
}

}  // namespace kms_secretd::fuzz

// SPDX-License-Identifier: Apache-2.0
#include "platform/exchange.hpp"

#include "platform/net_error.hpp"

namespace kms_secretd::platform {
namespace {

constexpr char const* sending = "sending the request";

}  // namespace

Exchange::Exchange(Connection& connection, ReplyRules rules, BodySink& sink)
    : connection_(connection),
      buffer_(connection.buffer()),
      maxHeaderBytes_(rules.maxHeaderBytes),
      parser_(rules, sink) {}

// Where it throws, the connection goes, and its buffer is wiped with it.
bool Exchange::run(sdk::SecretBytes const& request, WaitScope const& scope) {
  buffer_.open();
  bool const reusable = converse(request, scope);
  buffer_.rewind();
  return reusable;
}

bool Exchange::converse(sdk::SecretBytes const& request, WaitScope const& scope) {
  connection_.send(request.reveal(), scope, sending);
  while (!parser_.done()) {
    makeRoom();
    if (!readSome(scope)) return false;
    buffer_.drop(parser_.consume(buffer_.waiting()));
  }
  // Bytes behind the reply answer nothing that was asked: such a connection is not used again.
  return parser_.keepAlive() && buffer_.empty();
}

// Beast wants a header, a chunk-size line or the trailers in one piece and bounds none but the
// header: a full buffer that it can take nothing of is the bound.
void Exchange::makeRoom() {
  if (!buffer_.full()) return;
  if (parser_.headDone()) throw ProtocolError("a chunk's size line or the trailers are too long");
  if (!buffer_.grow(maxHeaderBytes_)) throw ProtocolError("the reply's header is over the limit");
}

bool Exchange::readSome(WaitScope scope) {
  bool const inBody = parser_.headDone();
  if (inBody && idle_) scope.deadline = scope.clock.boot() + *idle_;
  char const* const doing = inBody          ? "reading the reply's body"
                            : replyStarted_ ? "reading the reply's header"
                                            : "waiting for the reply";
  std::size_t const got = connection_.receive(buffer_.room(), buffer_.roomSize(), scope, doing);
  if (got == 0) {
    endOfInput();
    return false;
  }
  replyStarted_ = true;
  buffer_.filled(got);
  return true;
}

void Exchange::endOfInput() {
  if (!replyStarted_) {
    throw ConnectionLost("the peer closed the connection instead of replying");
  }
  if (!parser_.endOfInput()) {
    throw ConnectionLost("the peer closed the connection in the middle of the reply");
  }
}

}  // namespace kms_secretd::platform

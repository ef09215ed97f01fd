// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/session.hpp"

#include "emulator/faults/delivery.hpp"
#include "emulator/instance/service.hpp"
#include "emulator/kms/service.hpp"
#include "emulator/net/http_request.hpp"

namespace kms_secretd::emulator {
namespace {

constexpr std::chrono::milliseconds kHandshakeLimit{20'000};

template <typename F>
void count(World& world, F change) {
  world.log.with([&](RequestLog& log) { change(log.counters()); });
}

bool failedOnPurpose(World& world, Wire& wire) {
  const auto strike = world.faults.with([](FaultBook& book) { return book.strikeConnection(); });
  if (!strike) return false;
  count(world, [](Counters& counters) { ++counters.faults; });
  failConnection(wire, strike->fault);
  return true;
}

// Faults that answer something else in place of the true reply.
Reply replaced(const Fault& fault, const Reply& trueReply, const Exchange& exchange,
               const std::string& hostId) {
  Reply reply = trueReply;
  if (fault.kind == FaultKind::error) {
    const ApiError error{fault.status, fault.code, fault.message, fault.form};
    reply = exchange.scheme == kInstanceScheme ? renderInstanceError(error, exchange)
                                               : renderError(error, exchange, hostId);
  } else if (fault.kind == FaultKind::body) {
    reply = {fault.status, {{"Content-Type", fault.contentType}}, fault.body, false};
  } else if (fault.kind == FaultKind::redirect) {
    reply = {fault.status, {{"Location", fault.location}}, "", false};
  }
  return reply;
}

// One connection after its handshake.
class Session {
 public:
  Session(World& world, TlsStream& stream, Wire& wire, std::uint64_t connection)
      : world_(world), stream_(stream), wire_(wire), connection_(connection), reader_(stream) {}

  // Whoever ends the connection on purpose (deliver, a fault) has ended it already when it says
  // so; only a client that left or fell silent gets its goodbye here.
  void run() {
    for (;;) {
      const auto idle = world_.settings.with([](Settings& s) { return s.idleTimeout; });
      ReadResult result = reader_.next(idle);
      if (const auto* request = std::get_if<Request>(&result)) {
        if (!serve(*request)) return;
      } else if (const auto* bad = std::get_if<BadRequest>(&result)) {
        return refuse(*bad);
      } else {
        return stream_.finish();
      }
    }
  }

 private:
  bool serve(const Request& request) {
    Exchange exchange;
    Reply reply = answer(request, exchange);
    std::optional<Strike> strike;
    if (exchange.authenticated) {
      strike = world_.faults.with([&](FaultBook& book) { return book.strikeReply(exchange); });
    }
    if (strike) {
      reply = replaced(strike->fault, reply, exchange, hostIdOf(request));
      if (!strike->fault.code.empty()) exchange.outcome = strike->fault.code;
    }
    addCommonHeaders(world_, reply, exchange);
    if (strike) {
      for (const auto& [name, value] : strike->fault.headers) reply.setHeader(name, value);
    }
    reply.close = reply.close || !request.keepAlive;
    record(exchange, reply, strike ? strike->rule : 0);
    Outlet outlet{stream_, wire_};
    return strike ? deliverFaulty(outlet, reply, strike->fault) : deliver(outlet, reply);
  }

  // Which of the two protocols a request is in; an old instance takes everything for its own.
  Reply answer(const Request& request, Exchange& exchange) {
    const auto kind = world_.settings.with([](Settings& s) { return s.gateway; });
    const bool byClientKey = kind == GatewayKind::oldInstance ||
                             (kind != GatewayKind::shared && isInstanceRequest(request));
    return byClientKey ? answerInstance(world_, request, exchange, stream_.peerCertificate())
                       : answerKms(world_, request, exchange);
  }

  void refuse(const BadRequest& bad) {
    count(world_, [](Counters& counters) { ++counters.badRequests; });
    Exchange exchange;
    exchange.outcome = "BadRequest";
    Reply reply{bad.status, {{"Content-Type", "text/plain"}}, bad.reason + "\n", true};
    addCommonHeaders(world_, reply, exchange);
    record(exchange, reply, 0);
    Outlet outlet{stream_, wire_};
    deliver(outlet, reply);
  }

  // Before the reply is written: whoever has read the reply finds it in the log.
  void record(const Exchange& exchange, const Reply& reply, std::int64_t fault) {
    LogEntry entry;
    entry.time = world_.clock.now();
    entry.connection = connection_;
    entry.resumed = stream_.resumed();
    entry.exchange = exchange;
    entry.status = reply.status;
    entry.bytes = reply.body.size();
    entry.fault = fault;
    world_.log.with([&](RequestLog& log) { log.add(std::move(entry)); });
  }

  World& world_;
  TlsStream& stream_;
  Wire& wire_;
  std::uint64_t connection_;
  RequestReader reader_;
};

}  // namespace

void serveKms(World& world, const TlsContext& tls, Wire& wire, std::uint64_t connection) {
  count(world, [](Counters& counters) { ++counters.connections; });
  if (failedOnPurpose(world, wire)) return;
  const bool askForCertificate =
      world.settings.with([](Settings& s) { return s.requireClientCertificate; });
  const auto stream = tls.accept(wire, kHandshakeLimit, askForCertificate);
  count(world, [&](Counters& counters) {
    ++(stream ? counters.handshakes : counters.failedHandshakes);
    if (stream && stream->resumed()) ++counters.resumedSessions;
  });
  if (stream) Session(world, *stream, wire, connection).run();
}

}  // namespace kms_secretd::emulator

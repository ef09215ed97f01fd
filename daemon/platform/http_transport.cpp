// SPDX-License-Identifier: Apache-2.0
#include "platform/http_transport.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "platform/exchange.hpp"
#include "platform/http_codec.hpp"
#include "platform/net_error.hpp"
#include "platform/request_checks.hpp"
#include "platform/request_encoding.hpp"

namespace kms_secretd::platform {
namespace {

/// Keeps a whole reply; its size is bounded by the parser's limits.
class CollectingSink final : public BodySink {
 public:
  bool onHead(sdk::HttpResponse&& head) noexcept override {
    response_ = std::move(head);
    return true;
  }
  bool onChunk(std::string_view bytes) noexcept override {
    response_.body.append(bytes);
    return true;
  }
  [[nodiscard]] sdk::HttpResponse take() noexcept { return std::move(response_); }

 private:
  sdk::HttpResponse response_{};
};

}  // namespace

/// One request on its way.
struct HttpTransport::Job {
  sdk::SecretBytes const& encoded;
  WaitScope scope;
  ReplyRules rules{};
  std::optional<sdk::Milliseconds> idle{};
  bool idempotent = false;
  BodySink& sink;
};

HttpTransport::HttpTransport(Endpoint endpoint, std::shared_ptr<TlsContext> tls, Limits limits,
                             Services services)
    : connector_(std::move(endpoint), std::move(tls), services.resolver),
      limits_(limits),
      clock_(services.clock),
      stop_(services.stop),
      pool_(services.clock),
      hostField_(connector_.endpoint().hostField()) {}

sdk::Failure HttpTransport::named(sdk::FailureKind kind, char const* problem) const {
  return {.kind = kind, .code = {}, .message = connector_.endpoint().label() + ": " + problem};
}

// The edge of the room: whatever the standard library or we threw becomes a value.
template <class Body>
auto HttpTransport::guarded(Body body) const noexcept -> decltype(body()) {
  try {
    return body();
  } catch (CallCancelled const& error) {
    auto failure = named(error.kind(), error.what());
    failure.code = cancelledCode;
    return failure;
  } catch (NetError const& error) {
    return named(error.kind(), error.what());
  } catch (ProtocolError const& error) {
    return named(sdk::FailureKind::invalid_response, error.what());
  } catch (std::exception const& error) {
    return named(sdk::FailureKind::internal, error.what());
  }
}

WaitScope HttpTransport::scopeOf(sdk::HttpRequest const& request) const noexcept {
  return {.clock = clock_,
          .deadline = request.deadline,
          .cancellation = request.cancellation,
          .stop = &stop_};
}

// Only TLS tells an end from a cut: without it a body must say its length.
ReplyRules HttpTransport::rulesFor(sdk::HttpRequest const& request) const {
  return {.maxHeaderBytes = limits_.maxHeaderBytes,
          .maxBodyBytes = limits_.maxBodyBytes,
          .withoutBody = request.method == "HEAD",
          .bodyToEof = !connector_.endpoint().plain,
          .wantedHeaders = request.wantedHeaders};
}

std::unique_ptr<Connection> HttpTransport::connect(WaitScope scope) {
  scope.deadline = std::min(scope.deadline, clock_.boot() + limits_.connectTimeout);
  return connector_.connect(scope);
}

// Nothing if the kept connection turned out to be stale and the request may be sent again: the
// peer closed it before it said a byte, as peers do with idle connections.
std::optional<StreamEnd> HttpTransport::exchangeOn(std::unique_ptr<Connection> connection,
                                                   Job const& job, bool kept) {
  Exchange exchange(*connection, job.rules, job.sink);
  if (job.idle) exchange.renewAtEachRead(*job.idle);
  try {
    bool const reusable = exchange.run(job.encoded, job.scope);
    if (!kept) connector_.remember(*connection);
    if (reusable) pool_.give(std::move(connection));
    return exchange.stopped() ? StreamEnd::stopped_by_sink : StreamEnd::complete;
  } catch (ConnectionLost const&) {
    if (kept && job.idempotent && !exchange.replyStarted()) return std::nullopt;
    throw;
  }
}

StreamEnd HttpTransport::exchange(Job const& job) {
  if (auto kept = pool_.take()) {
    if (auto const end = exchangeOn(std::move(kept), job, true)) return *end;
  }
  return exchangeOn(connect(job.scope), job, false).value();
}

sdk::Result<sdk::HttpResponse> HttpTransport::send(sdk::HttpRequest const& request) noexcept {
  return guarded([&]() -> sdk::Result<sdk::HttpResponse> {
    if (auto failure = checkRequest(request, hostField_)) {
      return named(failure->kind, failure->message.c_str());
    }
    CollectingSink sink;
    auto const encoded = encodeRequest(request, hostField_);
    exchange({.encoded = encoded,
              .scope = scopeOf(request),
              .rules = rulesFor(request),
              .idle = std::nullopt,
              .idempotent = request.idempotent,
              .sink = sink});
    return sink.take();
  });
}

sdk::Result<StreamEnd> HttpTransport::stream(sdk::HttpRequest const& request,
                                             sdk::Milliseconds idle, BodySink& sink) noexcept {
  return guarded([&]() -> sdk::Result<StreamEnd> {
    if (auto failure = checkRequest(request, hostField_)) {
      return named(failure->kind, failure->message.c_str());
    }
    auto rules = rulesFor(request);
    rules.maxBodyBytes.reset();
    auto const encoded = encodeRequest(request, hostField_);
    return exchange({.encoded = encoded,
                     .scope = scopeOf(request),
                     .rules = std::move(rules),
                     .idle = idle,
                     .idempotent = request.idempotent,
                     .sink = sink});
  });
}

}  // namespace kms_secretd::platform

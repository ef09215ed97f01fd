// SPDX-License-Identifier: Apache-2.0
#include "platform/connector.hpp"

#include <utility>

#include "platform/exchange.hpp"
#include "platform/http_codec.hpp"
#include "platform/net_error.hpp"
#include "platform/request_encoding.hpp"

namespace kms_secretd::platform {
namespace {

constexpr std::size_t maxSessions = 8;
constexpr std::size_t maxProxyHeader = 16 * 1024;

/// Wants the status of a proxy's answer only.
class StatusSink final : public BodySink {
 public:
  bool onHead(sdk::HttpResponse&& head) noexcept override {
    status_ = head.status;
    return true;
  }
  bool onChunk(std::string_view) noexcept override { return false; }
  [[nodiscard]] int status() const noexcept { return status_; }

 private:
  int status_ = 0;
};

std::string proxyAdvice(int status) {
  if (status == 407) return "it wants a user and password, which are not supported";
  if (status == 403) return "allow this host and port in the proxy";
  return "check the proxy";
}

Addresses resolved(Resolver& resolver, std::string const& name, WaitScope const& scope) {
  auto addresses = resolver.resolve(name, scope);
  if (addresses) return std::move(addresses).value();
  if (addresses.failure().code == cancelledCode) throw CallCancelled("resolving " + name);
  throw NetError(addresses.failure().kind, addresses.failure().message);
}

}  // namespace

Connector::Connector(Endpoint endpoint, std::shared_ptr<TlsContext> tls, Resolver& resolver)
    : endpoint_(std::move(endpoint)), tls_(std::move(tls)), resolver_(resolver) {}

std::unique_ptr<Connection> Connector::connect(WaitScope const& scope) {
  auto connection = dial(endpoint_.proxy.value_or(endpoint_.dial), scope);
  if (endpoint_.proxy) tunnel(*connection, scope);
  if (tls_ != nullptr) connection->secure(tls_, endpoint_.peer.host, takeSession(), scope);
  return connection;
}

// Tries the addresses in turn, each with its share of what is left, so that one that swallows
// packets leaves time for the next.
std::unique_ptr<Connection> Connector::dial(HostPort const& target, WaitScope const& scope) {
  Addresses const addresses = resolved(resolver_, target.host, scope);
  for (std::size_t i = 0;; ++i) {
    auto const now = scope.clock.boot();
    auto const shares = static_cast<sdk::Milliseconds::rep>(addresses.size() - i);
    WaitScope share = scope;
    share.deadline = now + (scope.deadline - now) / shares;
    try {
      return Connection::dial(addresses[i], target.port, share);
    } catch (CallCancelled const&) {
      throw;
    } catch (NetError const&) {
      if (i + 1 == addresses.size()) throw;
    }
  }
}

void Connector::tunnel(Connection& connection, WaitScope const& scope) const {
  std::string const target = endpoint_.dial.text();
  StatusSink sink;
  ReplyRules const rules{.maxHeaderBytes = maxProxyHeader, .maxBodyBytes = 0, .withoutBody = true};
  Exchange exchange(connection, rules, sink);
  sdk::HttpRequest request;
  request.method = "CONNECT";
  request.target = target;
  bool const clean = exchange.run(encodeRequest(request, target), scope);
  if (sink.status() / 100 != 2) {
    throw NetError(sdk::FailureKind::unavailable, "the proxy refused the tunnel with status " +
                                                      std::to_string(sink.status()) + "; " +
                                                      proxyAdvice(sink.status()));
  }
  // Bytes behind the proxy's answer would be taken for the server's handshake.
  if (!clean) throw ProtocolError("the proxy sent more than an answer to CONNECT");
}

TlsSession Connector::takeSession() {
  auto sessions = sessions_.lock();
  if (sessions->empty()) return nullptr;
  auto session = std::move(sessions->back());
  sessions->pop_back();
  return session;
}

// A TLS 1.3 ticket is for one use (RFC 8446, C.4), and one object serves one connection at a time.
void Connector::remember(Connection& connection) {
  auto session = connection.session();
  if (session == nullptr) return;
  auto sessions = sessions_.lock();
  if (sessions->size() == maxSessions) sessions->erase(sessions->begin());
  sessions->push_back(std::move(session));
}

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#include "platform/connection.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "platform/dial.hpp"
#include "platform/net_error.hpp"
#include "platform/resolver.hpp"

namespace kms_secretd::platform {
namespace {

constexpr std::size_t pieceSize = 16 * 1024;  // one TLS record
constexpr char const* shakingHands = "waiting for the TLS handshake";

// errno and OpenSSL's queue are read after a failed step: what older steps left there would be
// taken for this step's error, or turn into an endless retry (a stale EAGAIN).
void forgetOldErrors() noexcept {
  if (ERR_peek_error() != 0) ERR_clear_error();  // looking is far cheaper than clearing
  errno = 0;
}

[[noreturn]] void throwLost(char const* doing) {
  std::string const reason = takeReason();
  throw ConnectionLost("the connection broke while " + std::string(doing) + ": " + reason +
                       tlsHint(reason));
}

int pieceOf(std::size_t size) noexcept { return static_cast<int>(std::min(size, pieceSize)); }

}  // namespace

Connection::Connection(Poco::Net::StreamSocket const& socket) : socket_(socket) {}

int Connection::fd() const noexcept { return socket_.impl()->sockfd(); }

// The socket stays non-blocking, so that the goodbye cannot hang.
Connection::~Connection() {
  if (tls_ == nullptr || SSL_is_init_finished(tls_.get()) != 1) return;
  forgetOldErrors();
  SSL_shutdown(tls_.get());
  ERR_clear_error();
}

std::unique_ptr<Connection> Connection::dial(std::string const& address, std::uint16_t port,
                                             WaitScope const& scope) {
  return std::unique_ptr<Connection>(new Connection(dialTcp(address, port, scope)));
}

int Connection::sendSome(std::string_view bytes) noexcept {
  if (secured()) return SSL_write(tls_.get(), bytes.data(), pieceOf(bytes.size()));
  return static_cast<int>(::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

int Connection::receiveSome(char* into, std::size_t size) noexcept {
  if (secured()) return SSL_read(tls_.get(), into, pieceOf(size));
  return static_cast<int>(::recv(fd(), into, size, 0));
}

short Connection::blockedOn(int result, short plainEvents) const noexcept {
  if (!secured()) {
    bool const later = result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    return later ? plainEvents : short{0};
  }
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return POLLIN;
    case SSL_ERROR_WANT_WRITE:
      return POLLOUT;
    default:
      return 0;
  }
}

// Repeats one step until it made progress; 0 = the peer ended the connection in order.
template <class Step>
int Connection::drive(Step step, short plainEvents, WaitScope const& scope, char const* doing) {
  for (;;) {
    forgetOldErrors();
    int const result = step();
    if (result > 0) return result;
    if (short const events = blockedOn(result, plainEvents); events != 0) {
      await(fd(), events, scope, doing);
      continue;
    }
    bool const ended =
        secured() ? SSL_get_error(tls_.get(), result) == SSL_ERROR_ZERO_RETURN : result == 0;
    if (ended) return 0;
    throwLost(doing);
  }
}

void Connection::secure(std::shared_ptr<TlsContext> context, std::string const& host,
                        TlsSession session, WaitScope const& scope) {
  // An earlier socket of the same number may have left its note behind.
  [[maybe_unused]] auto const earlier = context->takeRefusal(fd());
  context_ = std::move(context);
  tls_.reset(SSL_new(context_->raw()));
  if (tls_ == nullptr || SSL_set_fd(tls_.get(), fd()) != 1) throwLost(shakingHands);
  if (session != nullptr) SSL_set_session(tls_.get(), session.get());
  SSL_set_connect_state(tls_.get());
  expectHost(host);
  handshake(host, scope);
}

// The handshake itself checks the name, before a client certificate or anything else is sent.
void Connection::expectHost(std::string const& host) {
  X509_VERIFY_PARAM* const rules = SSL_get0_param(tls_.get());
  if (isAddressLiteral(host)) {
    // An address is no server name (RFC 6066, 3).
    if (X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) != 1) throwLost(shakingHands);
    return;
  }
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size()) != 1 ||
      SSL_set_tlsext_host_name(tls_.get(), host.c_str()) != 1) {
    throwLost(shakingHands);
  }
}

void Connection::handshake(std::string const& host, WaitScope const& scope) {
  for (;;) {
    forgetOldErrors();
    int const result = SSL_do_handshake(tls_.get());
    if (result == 1) return;
    if (short const events = blockedOn(result, POLLIN); events != 0) {
      await(fd(), events, scope, shakingHands);
      continue;
    }
    std::string const reason = takeReason();
    if (auto const refusal = context_->takeRefusal(fd())) {
      throw NetError(sdk::FailureKind::unavailable, refusal->sentence(host));
    }
    throw ConnectionLost("the TLS handshake failed: " + reason + tlsHint(reason));
  }
}

void Connection::send(std::string_view bytes, WaitScope const& scope, char const* doing) {
  expectTime(scope, doing);  // immediately before the first byte leaves
  while (!bytes.empty()) {
    int const sent = drive([&] { return sendSome(bytes); }, POLLOUT, scope, doing);
    if (sent == 0) throwLost(doing);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// What OpenSSL holds already, poll() does not show.
bool Connection::holdsBytes() const noexcept {
  return secured() && SSL_has_pending(tls_.get()) == 1;
}

std::size_t Connection::receive(char* into, std::size_t size, WaitScope const& scope,
                                char const* doing) {
  // Polling first saves a useless read.
  if (!holdsBytes()) await(fd(), POLLIN, scope, doing);
  int const got = drive([&] { return receiveSome(into, size); }, POLLIN, scope, doing);
  return static_cast<std::size_t>(got);
}

bool Connection::stillQuiet() noexcept {
  pollfd readable{fd(), POLLIN, 0};
  if (!holdsBytes() && ::poll(&readable, 1, 0) == 0) return true;
  if (!secured()) return false;
  // TLS may have sent a session ticket: then a read finds no data, and that is fine.
  char byte = 0;
  forgetOldErrors();
  return blockedOn(SSL_read(tls_.get(), &byte, 1), POLLIN) == POLLIN;
}

TlsSession Connection::session() noexcept {
  if (!secured()) return nullptr;
  TlsSession session(SSL_get1_session(tls_.get()));
  bool const useful = session != nullptr && SSL_SESSION_is_resumable(session.get()) == 1;
  return useful ? std::move(session) : nullptr;
}

}  // namespace kms_secretd::platform

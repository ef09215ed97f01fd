// SPDX-License-Identifier: Apache-2.0
#include "platform/net_error.hpp"

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "platform/pem.hpp"

namespace kms_secretd::platform {
namespace {

struct Hint {
  std::string_view sign;
  std::string_view advice;
};

// The first sign found in OpenSSL's reason counts.
constexpr std::array hints{
    Hint{"alert certificate required", "the server wants a client certificate: configure one"},
    Hint{"alert unknown ca", "the server does not trust our client certificate's issuer"},
    Hint{"alert bad certificate", "the server refuses our client certificate"},
    Hint{"alert certificate expired", "our client certificate has expired: renew it"},
    Hint{"alert certificate revoked", "our client certificate was revoked: renew it"},
    Hint{"wrong version number", "the peer does not speak TLS on this port: check the port"},
    Hint{"packet length too long", "the peer does not speak TLS on this port: check the port"},
    Hint{"unsupported protocol", "the server offers nothing as new as TLS 1.2: upgrade it"},
    Hint{"alert protocol version", "the server offers nothing as new as TLS 1.2: upgrade it"},
    Hint{"handshake failure", "the server found no common cipher or wants a client certificate"},
    Hint{"alert internal error", "the server failed or does not know this host name (SNI)"},
    Hint{"unrecognized name", "the server does not know this host name (SNI)"},
};

void throwUnlessReady(WaitEnd end, char const* doing) {
  switch (end) {
    case WaitEnd::ready:
      return;
    case WaitEnd::timed_out:
      throw NetError(sdk::FailureKind::timed_out,
                     std::string("timed out while ") + doing +
                         "; check that the peer is reachable and not overloaded");
    case WaitEnd::cancelled:
      throw CallCancelled(doing);
  }
}

}  // namespace

void await(int fd, short events, WaitScope const& scope, char const* doing) {
  throwUnlessReady(waitFor(fd, events, scope), doing);
}

void expectTime(WaitScope const& scope, char const* doing) {
  throwUnlessReady(timeLeft(scope), doing);
}

std::string takeReason() {
  int const error = errno;
  auto const queued = ERR_peek_error();
  if (queued == 0 && error == ECONNRESET) return "the peer reset the connection";
  if (queued == 0 && error != 0) return std::generic_category().message(error);
  bool const cut = queued == 0 || ERR_GET_REASON(queued) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  std::string const reason = takeOpensslReason();
  return cut ? "the peer closed the connection without a TLS close_notify" : reason;
}

std::string tlsHint(std::string const& reason) {
  for (auto const& hint : hints) {
    if (reason.find(hint.sign) != std::string::npos) return "; " + std::string(hint.advice);
  }
  return {};
}

std::string connectProblem(int error) {
  std::string const what = std::generic_category().message(error);
  switch (error) {
    case ECONNREFUSED:
      return what + "; check the port and that the service runs";
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EADDRNOTAVAIL:
      return what + "; check this host's routes, and the address";
    case ETIMEDOUT:
      return what + "; check firewalls and the address";
    case EACCES:
    case EPERM:
      return what + "; a firewall or the unit's sandbox forbids it";
    case EMFILE:
    case ENFILE:
      return what + "; raise LimitNOFILE";
    default:
      return what;
  }
}

}  // namespace kms_secretd::platform

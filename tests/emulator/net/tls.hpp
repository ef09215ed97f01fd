// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>

#include "emulator/net/stream.hpp"

namespace kms_secretd::emulator {

/// A TLS stream (server side), made by TlsContext::accept.
class TlsStream : public Stream {
 public:
  TlsStream(Wire& wire, SSL* ssl) : wire_(wire), ssl_(ssl, &SSL_free) {}
  std::ptrdiff_t read(std::span<char> into, std::chrono::milliseconds limit) override;
  bool write(std::string_view bytes) override;
  void finish() override;

  /// True when the client resumed an earlier session.
  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  /// The certificate that the client showed, as PEM; empty without one.
  std::string peerCertificate() const;
  std::string version() const { return SSL_get_version(ssl_.get()); }

 private:
  friend class TlsContext;
  bool handshake(std::chrono::milliseconds limit);
  bool awaitRetry(int result, std::chrono::milliseconds limit);

  Wire& wire_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

/// Server side TLS settings (1.2 and 1.3, session tickets, http/1.1 by ALPN). Any thread.
class TlsContext {
 public:
  /// Takes PEM texts; `chainPem` starts with the server's certificate. Throws std::runtime_error.
  TlsContext(const std::string& chainPem, const std::string& keyPem);

  /// Performs the handshake; null when it failed, was interrupted or took longer than `limit`. With
  /// `askForCertificate` the client has to show one; whose it is, the caller judges.
  std::unique_ptr<TlsStream> accept(Wire& wire, std::chrono::milliseconds limit,
                                    bool askForCertificate = false) const;

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

}  // namespace kms_secretd::emulator

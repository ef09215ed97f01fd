// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/x509_vfy.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <kms-secretd/failure.hpp>
#include <kms-secretd/transport.hpp>

#include "platform/guarded.hpp"
#include "platform/tls_objects.hpp"

namespace kms_secretd::platform {

/// Why a server's certificate was refused.
struct Refusal {
  std::string reason{};  ///< and what to do; empty = only its name is wrong
  std::string names{};   ///< that it is valid for

  /// All of it for people; `host` is whom we wanted to speak to.
  [[nodiscard]] std::string sentence(std::string const& host) const;
};

/// Whom to trust and how to identify oneself: OpenSSL's context with X25519 first, strict
/// verification, TLS 1.2 or newer, sessions kept by us only, plaintext cleansed. Immutable after
/// construction but for the notes on failed verifications; any thread.
class TlsContext {
 public:
  /// Trusts nobody yet.
  TlsContext();
  ~TlsContext();
  TlsContext(TlsContext const&) = delete;
  TlsContext& operator=(TlsContext const&) = delete;

  /// The context that sockets are made with.
  [[nodiscard]] SSL_CTX* raw() const noexcept { return context_.get(); }
  /// Why the certificate chain of the connection `fd` was refused, if it was; forgets it.
  [[nodiscard]] std::optional<Refusal> takeRefusal(int fd);

 private:
  static int verify(X509_STORE_CTX* chain, void* self);
  void noteRefusal(X509_STORE_CTX* chain);

  TlsContextHandle context_;
  Guarded<std::map<int, Refusal>> refusals_{};  ///< by socket, until taken
};

/// Makes TLS contexts; the system's roots are loaded once and shared. Any thread.
class TlsContexts {
 public:
  /// The context for `spec`. Shared because transports with the system's roots and without a client
  /// certificate use the same one. Fails with invalid_request; the message names the field.
  [[nodiscard]] sdk::Result<std::shared_ptr<TlsContext>> contextFor(sdk::TransportSpec const& spec);

 private:
  std::shared_ptr<TlsContext> systemContext();

  Guarded<std::shared_ptr<TlsContext>> system_{};
};

}  // namespace kms_secretd::platform

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/Context.h>
#include <openssl/x509_vfy.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <kms-secretd/failure.hpp>
#include <kms-secretd/transport.hpp>

#include "platform/guarded.hpp"

namespace kms_secretd::platform {

/// Whom to trust and how to identify oneself: Poco's context with its defaults corrected
/// (X25519 first, strict verification, TLS 1.2 or newer, sessions kept by us only, plaintext
/// cleansed). Immutable after construction but for the notes on failed verifications; any thread.
class TlsContext {
 public:
  /// Trusts nobody yet.
  TlsContext();
  ~TlsContext();
  TlsContext(TlsContext const&) = delete;
  TlsContext& operator=(TlsContext const&) = delete;

  /// The context that sockets are made with.
  [[nodiscard]] Poco::Net::Context::Ptr poco() const noexcept { return context_; }
  /// Why the certificate chain of the connection `fd` was refused, if it was; forgets it.
  [[nodiscard]] std::optional<std::string> takeRefusal(int fd);

 private:
  static int verify(X509_STORE_CTX* chain, void* self);
  void noteRefusal(X509_STORE_CTX* chain);

  Poco::Net::Context::Ptr context_;
  Guarded<std::map<int, std::string>> refusals_{};  ///< by socket, until taken
};

/// Makes TLS contexts; the system's roots are loaded once and shared. Any thread.
class TlsContexts {
 public:
  TlsContexts();
  ~TlsContexts();
  TlsContexts(TlsContexts const&) = delete;
  TlsContexts& operator=(TlsContexts const&) = delete;

  /// The context for `spec`. Shared because transports with the system's roots and without a client
  /// certificate use the same one. Fails with invalid_request; the message names the field.
  [[nodiscard]] sdk::Result<std::shared_ptr<TlsContext>> contextFor(sdk::TransportSpec const& spec);

 private:
  std::shared_ptr<TlsContext> systemContext();

  Guarded<std::shared_ptr<TlsContext>> system_{};
};

}  // namespace kms_secretd::platform

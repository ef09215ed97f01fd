// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <memory>

namespace kms_secretd::platform {

/// Frees OpenSSL's TLS objects; each drops one reference.
struct TlsDelete {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(SSL* connection) const noexcept { SSL_free(connection); }
  void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};
using TlsContextHandle = std::unique_ptr<SSL_CTX, TlsDelete>;
using TlsConnectionHandle = std::unique_ptr<SSL, TlsDelete>;
/// A session that a later connection may resume; null = none.
using TlsSession = std::unique_ptr<SSL_SESSION, TlsDelete>;

}  // namespace kms_secretd::platform

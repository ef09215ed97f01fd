// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

namespace kms_secretd::bench {

/// Where the raw client goes.
struct RawPeer {
  std::string port{};         ///< on 127.0.0.1
  std::string caFile{};       ///< PEM
  std::string certificate{};  ///< client certificate, PEM file; empty = none
  std::string key{};
};

struct FreeContext {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct FreeSession {
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};

/// A TLS context for that peer; shared by its connections. Throws std::runtime_error.
[[nodiscard]] std::unique_ptr<SSL_CTX, FreeContext> rawContext(RawPeer const& peer);

/// The floor: one blocking keep-alive connection by OpenSSL alone, that writes a request and reads
/// a reply with a Content-Length. No deadlines, no limits, no wiping, no checks. Throws
/// std::runtime_error where the peer does something else.
class RawConnection {
 public:
  RawConnection(SSL_CTX* context, std::string const& port);
  ~RawConnection();
  RawConnection(RawConnection const&) = delete;
  RawConnection& operator=(RawConnection const&) = delete;

  /// Sends `request` (head and body) and reads the whole reply; returns its status.
  int exchange(std::string_view request);

 private:
  std::unique_ptr<SSL, FreeSession> ssl_;
  int socket_ = -1;
  std::string buffer_{};
};

}  // namespace kms_secretd::bench

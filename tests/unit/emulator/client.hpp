// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

namespace kms_secretd::emulator::test {

/// How a stream of reply bytes ended.
enum class End { open, closed, truncated, reset };

/// A deliberately simple blocking client: sends bytes, collects bytes, tells how it ended. Every
/// wait ends after ten seconds, so that a hanging server fails a test instead of blocking it.
class Client {
 public:
  /// Plain TCP to 127.0.0.1; isConnected() tells whether it worked.
  explicit Client(std::uint16_t port);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool isConnected() const { return connected_; }
  /// TLS with verification against `caFile` for the name `localhost`; `session` is resumed and
  /// replaced by a newer ticket when one arrives.
  bool startTls(const std::filesystem::path& caFile, SSL_SESSION* session = nullptr);
  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  /// The current session (one reference for the caller), after a first reply was read.
  SSL_SESSION* session() const { return SSL_get1_session(ssl_.get()); }

  bool send(std::string_view bytes);
  /// One reply by its Content-Length: head and body; what is there if it ended early.
  std::string reply();
  /// Everything until the end of the stream.
  std::string rest();
  End end() const { return end_; }
  /// Closes by FIN or RST without TLS close_notify.
  void drop(bool reset);

 private:
  bool more();

  int fd_;
  bool connected_ = false;
  End end_ = End::open;
  std::string buffer_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
};

/// The body of a reply text.
std::string bodyOf(const std::string& reply);
/// The status of a reply text, 0 if there is none.
int statusOf(const std::string& reply);

}  // namespace kms_secretd::emulator::test

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "fakes/test_certificates.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace kms_secretd::fakes {

/// How a ScriptedServer speaks.
struct ScriptedServerOptions {
  bool tls = true;
  TestIdentity identity{};     ///< of the server
  std::string clientCaPem{};   ///< if given, a client certificate of this CA is demanded
  int minTls = 0;              ///< e.g. TLS1_2_VERSION; 0 = the library's own
  int maxTls = 0;              ///< as minTls
  std::string groups{};        ///< key exchange groups; empty = the library's own
  bool handshakeFirst = true;  ///< shake hands before the script runs
};

/// What a server learnt from a handshake.
struct HandshakeFacts {
  std::string version{};        ///< e.g. "TLSv1.3"
  std::string group{};          ///< e.g. "x25519"
  std::string serverName{};     ///< SNI, or empty
  std::string clientSubject{};  ///< common name of the client certificate, or empty
  bool resumed = false;
};

/// The server's end of one connection; a script drives it, on the connection's own thread. Calls
/// return false or "" once the peer is gone or the server stops.
class ServerConnection {
 public:
  ServerConnection(int fd, int index, ssl_ctx_st* context, std::atomic<bool> const& stopping);
  ~ServerConnection();
  ServerConnection(ServerConnection const&) = delete;
  ServerConnection& operator=(ServerConnection const&) = delete;

  /// Which connection of the server this is, from 0.
  [[nodiscard]] int index() const noexcept { return index_; }
  /// What the handshake showed.
  [[nodiscard]] HandshakeFacts facts() const;

  /// Shakes hands; sends its part `pieceSize` bytes at a time with `pause` between, if given.
  bool handshake(std::size_t pieceSize = 0, std::chrono::milliseconds pause = {});
  /// The next request: head and, by its Content-Length, body.
  std::string readRequest();
  /// As readRequest(), without a body and below TLS: what a proxy hears first.
  std::string readRawHead();
  /// Sends bytes, through TLS if there is TLS.
  bool write(std::string_view bytes);
  /// The TLS records that write() would send; without TLS the bytes themselves.
  std::string sealed(std::string_view bytes);
  /// Sends bytes as they are, below TLS.
  bool writeRaw(std::string_view bytes);
  /// writeRaw(), `pieceSize` bytes at a time with `pause` between.
  bool trickleRaw(std::string_view bytes, std::size_t pieceSize, std::chrono::milliseconds pause);
  /// Sends one more session ticket (TLS 1.3).
  bool sendTicket();
  /// Waits until the peer closes or the server stops.
  void hold();
  /// Ends the connection as TLS wants it.
  void closeCleanly();
  /// Ends the TCP connection without a word of TLS.
  void cut();
  /// Ends the connection with a TCP reset.
  void reset();

 private:
  friend class ScriptedServer;
  int read(char* into, int size);
  bool flush();

  int fd_;
  int index_;
  std::atomic<bool> const& stopping_;
  ssl_st* ssl_ = nullptr;
  std::string unread_{};
};

/// A loopback HTTP server that does what a script says, right or wrong. One thread accepts, each
/// connection has its own. Ports are the kernel's choice. Scripts must not throw nor CHECK.
class ScriptedServer {
 public:
  using Script = std::function<void(ServerConnection&)>;

  /// Starts at once. Throws std::runtime_error where it cannot.
  ScriptedServer(ScriptedServerOptions const& options, Script script);
  /// Ends all connections and joins all threads.
  ~ScriptedServer();
  ScriptedServer(ScriptedServer const&) = delete;
  ScriptedServer& operator=(ScriptedServer const&) = delete;

  /// The port on 127.0.0.1.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// How many connections were accepted.
  [[nodiscard]] int connections() const noexcept { return connections_; }

 private:
  struct Served {
    std::unique_ptr<ServerConnection> connection{};
    std::thread thread{};
  };
  void accept();
  void serve(ServerConnection& connection) const;

  Script script_;
  bool handshakeFirst_;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_{};  ///< guards served_
  std::list<Served> served_{};
  std::thread acceptor_{};
};

/// A loopback port whose connections are never answered: its queue is full, so that the kernel
/// drops further requests to connect.
class DeafListener {
 public:
  DeafListener();
  ~DeafListener();
  DeafListener(DeafListener const&) = delete;
  DeafListener& operator=(DeafListener const&) = delete;
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  int listener_ = -1;
  std::list<int> fillers_{};
  std::uint16_t port_ = 0;
};

}  // namespace kms_secretd::fakes

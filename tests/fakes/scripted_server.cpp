// SPDX-License-Identifier: Apache-2.0
#include "fakes/scripted_server.hpp"

#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <utility>

namespace kms_secretd::fakes {
namespace {

constexpr int stopCheckMilliseconds = 20;

void require(bool ok, char const* what) {
  if (!ok) throw std::runtime_error(std::string("scripted server: cannot ") + what);
}

struct Listening {
  int fd = -1;
  std::uint16_t port = 0;
};

Listening listenOnLoopback(int backlog) {
  int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(fd >= 0, "make a socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  bool const ok = ::bind(fd, generic, size) == 0 && ::listen(fd, backlog) == 0 &&
                  ::getsockname(fd, generic, &size) == 0;
  require(ok, "listen on loopback");
  return {fd, ntohs(address.sin_port)};
}

using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
Bio over(std::string const& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free_all);
}

void useIdentity(SSL_CTX* context, TestIdentity const& identity) {
  Bio const certificates = over(identity.certificatePem);
  X509* leaf = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr);
  require(leaf != nullptr && SSL_CTX_use_certificate(context, leaf) == 1, "use the certificate");
  X509_free(leaf);
  while (X509* next = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr)) {
    require(SSL_CTX_add0_chain_cert(context, next) == 1, "use the chain");
  }
  EVP_PKEY* const key =
      PEM_read_bio_PrivateKey(over(identity.keyPem).get(), nullptr, nullptr, nullptr);
  require(key != nullptr && SSL_CTX_use_PrivateKey(context, key) == 1, "use the key");
  EVP_PKEY_free(key);
}

void demandClients(SSL_CTX* context, std::string const& caPem) {
  X509* const ca = PEM_read_bio_X509(over(caPem).get(), nullptr, nullptr, nullptr);
  require(ca != nullptr, "read the clients' CA");
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca);
  SSL_CTX_add_client_CA(context, ca);
  X509_free(ca);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

SSL_CTX* makeContext(ScriptedServerOptions const& options) {
  if (!options.tls) return nullptr;
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  require(context != nullptr, "make a TLS context");
  // The daemon's library lowers nothing; a server that must be too old has to.
  if (options.maxTls != 0 && options.maxTls < TLS1_2_VERSION) {
    SSL_CTX_set_security_level(context, 0);
  }
  SSL_CTX_set_min_proto_version(context, options.minTls);
  SSL_CTX_set_max_proto_version(context, options.maxTls);
  if (!options.groups.empty()) SSL_CTX_set1_groups_list(context, options.groups.c_str());
  unsigned char const sessionContext[] = {'t'};
  SSL_CTX_set_session_id_context(context, sessionContext, sizeof(sessionContext));
  useIdentity(context, options.identity);
  if (!options.clientCaPem.empty()) demandClients(context, options.clientCaPem);
  return context;
}

}  // namespace

ScriptedServer::ScriptedServer(ScriptedServerOptions const& options, Script script)
    : script_(std::move(script)),
      handshakeFirst_(options.handshakeFirst),
      context_(makeContext(options), &SSL_CTX_free) {
  ::signal(SIGPIPE, SIG_IGN);
  auto const listening = listenOnLoopback(64);
  listener_ = listening.fd;
  port_ = listening.port;
  acceptor_ = std::thread([this] { accept(); });
}

ScriptedServer::~ScriptedServer() {
  stopping_ = true;
  acceptor_.join();
  for (auto& each : served_) each.thread.join();
  ::close(listener_);
}

void ScriptedServer::accept() {
  while (!stopping_) {
    pollfd readable{listener_, POLLIN, 0};
    if (::poll(&readable, 1, stopCheckMilliseconds) <= 0) continue;
    int const fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) continue;
    std::lock_guard const lock(mutex_);
    auto& served = served_.emplace_back();
    served.connection =
        std::make_unique<ServerConnection>(fd, connections_++, context_.get(), stopping_);
    served.thread = std::thread([this, &connection = *served.connection] { serve(connection); });
  }
}

void ScriptedServer::serve(ServerConnection& connection) const {
  if (!handshakeFirst_ || connection.handshake()) script_(connection);
  if (connection.fd_ >= 0) connection.cut();
}

// Linux queues backlog + 1 connections and then drops what asks to connect.
DeafListener::DeafListener() {
  auto const listening = listenOnLoopback(0);
  listener_ = listening.fd;
  port_ = listening.port;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_);
  for (int i = 0; i < 4; ++i) {
    int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address));
    fillers_.push_back(fd);
  }
}

DeafListener::~DeafListener() {
  for (int const each : fillers_) ::close(each);
  ::close(listener_);
}

}  // namespace kms_secretd::fakes

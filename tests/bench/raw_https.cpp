// SPDX-License-Identifier: Apache-2.0
#include "raw_https.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace kms_secretd::bench {
namespace {

int connectTo(std::string const& port) {
  int const descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port.c_str())));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int const on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to port " + port);
  }
  return descriptor;
}

std::size_t lengthIn(std::string_view head) {
  for (auto const* const name : {"Content-Length: ", "content-length: "}) {
    auto const at = head.find(name);
    if (at != std::string_view::npos) return std::strtoul(head.data() + at + 16, nullptr, 10);
  }
  throw std::runtime_error("a reply without Content-Length");
}

}  // namespace

std::unique_ptr<SSL_CTX, FreeContext> rawContext(RawPeer const& peer) {
  std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_locations(context.get(), peer.caFile.c_str(), nullptr) != 1) {
    throw std::runtime_error("cannot read " + peer.caFile);
  }
  if (peer.certificate.empty()) return context;
  if (SSL_CTX_use_certificate_chain_file(context.get(), peer.certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), peer.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    throw std::runtime_error("cannot use " + peer.certificate);
  }
  return context;
}

RawConnection::RawConnection(SSL_CTX* context, std::string const& port)
    : ssl_(SSL_new(context)), socket_(connectTo(port)) {
  SSL_set_fd(ssl_.get(), socket_);
  if (SSL_connect(ssl_.get()) != 1) throw std::runtime_error("no TLS with port " + port);
}

RawConnection::~RawConnection() {
  if (socket_ >= 0) ::close(socket_);
}

int RawConnection::exchange(std::string_view request) {
  if (SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size())) <= 0) {
    throw std::runtime_error("the peer does not read");
  }
  buffer_.clear();
  std::size_t wanted = std::string::npos;
  std::array<char, 16 * 1024> block;  // not zeroed: the floor does nothing that it need not
  while (wanted == std::string::npos || buffer_.size() < wanted) {
    auto const got = SSL_read(ssl_.get(), block.data(), static_cast<int>(block.size()));
    if (got <= 0) throw std::runtime_error("the peer ended the connection");
    buffer_.append(block.data(), static_cast<std::size_t>(got));
    auto const end = buffer_.find("\r\n\r\n");
    if (wanted == std::string::npos && end != std::string::npos) {
      wanted = end + 4 + lengthIn(std::string_view(buffer_).substr(0, end + 2));
    }
  }
  return std::atoi(buffer_.c_str() + sizeof("HTTP/1.1"));
}

}  // namespace kms_secretd::bench

// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

#include <openssl/err.h>

namespace kms_secretd::emulator::test {

Client::Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  std::signal(SIGPIPE, SIG_IGN);  // a vanished server is a result here
  const timeval limit{10, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Client::~Client() {
  if (fd_ >= 0) ::close(fd_);
}

bool Client::startTls(const std::filesystem::path& caFile, SSL_SESSION* session) {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_load_verify_locations(context_.get(), caFile.c_str(), nullptr);
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  ssl_.reset(SSL_new(context_.get()));
  SSL_set1_host(ssl_.get(), "localhost");
  SSL_set_tlsext_host_name(ssl_.get(), "localhost");
  if (session != nullptr) SSL_set_session(ssl_.get(), session);
  SSL_set_fd(ssl_.get(), fd_);
  ERR_clear_error();
  return SSL_connect(ssl_.get()) == 1;
}

bool Client::send(std::string_view bytes) {
  ERR_clear_error();
  if (ssl_) return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

bool Client::more() {
  char chunk[16384];
  ERR_clear_error();
  errno = 0;
  const auto count = ssl_ ? static_cast<ssize_t>(SSL_read(ssl_.get(), chunk, sizeof chunk))
                          : ::recv(fd_, chunk, sizeof chunk, 0);
  if (count > 0) {
    buffer_.append(chunk, static_cast<std::size_t>(count));
    return true;
  }
  const int error = errno;
  const bool goodbye =
      ssl_ && SSL_get_error(ssl_.get(), static_cast<int>(count)) == SSL_ERROR_ZERO_RETURN;
  if (error == ECONNRESET || error == EPIPE) {
    end_ = End::reset;
  } else if (goodbye || (!ssl_ && count == 0)) {
    end_ = End::closed;
  } else if (error == 0) {
    end_ = End::truncated;
  }
  return false;
}

std::string Client::reply() {
  std::size_t wanted = std::string::npos;
  for (;;) {
    const auto head = buffer_.find("\r\n\r\n");
    if (head != std::string::npos && wanted == std::string::npos) {
      const auto length = buffer_.find("Content-Length: ");
      wanted = head + 4;
      if (length < head) wanted += std::strtoul(buffer_.c_str() + length + 16, nullptr, 10);
    }
    if (buffer_.size() >= wanted || !more()) break;
  }
  const std::string out = buffer_.substr(0, wanted);
  buffer_.erase(0, out.size());
  return out;
}

std::string Client::rest() {
  while (more()) {
  }
  return std::exchange(buffer_, {});
}

void Client::drop(bool reset) {
  if (reset) {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  ::close(std::exchange(fd_, -1));
}

std::string bodyOf(const std::string& reply) {
  const auto head = reply.find("\r\n\r\n");
  return head == std::string::npos ? "" : reply.substr(head + 4);
}

int statusOf(const std::string& reply) {
  return reply.starts_with("HTTP/1.1 ") ? std::atoi(reply.c_str() + 9) : 0;
}

}  // namespace kms_secretd::emulator::test

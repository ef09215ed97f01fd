// SPDX-License-Identifier: Apache-2.0
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "fakes/scripted_server.hpp"

namespace kms_secretd::fakes {
namespace {

constexpr auto stopCheck = std::chrono::milliseconds(20);

std::size_t contentLength(std::string head) {
  std::transform(head.begin(), head.end(), head.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string_view constexpr name = "\r\ncontent-length:";
  auto const at = head.find(name);
  if (at == std::string::npos) return 0;
  auto const digits = head.find_first_not_of(' ', at + name.size());
  std::size_t length = 0;
  std::from_chars(head.data() + digits, head.data() + head.size(), length);
  return length;
}

std::string commonNameOf(SSL const* ssl) {
  X509* const certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr) return {};
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  return name.data();
}

}  // namespace

// What the server sends goes through memory first, so that scripts can cut and slow down records.
ServerConnection::ServerConnection(int fd, int index, ssl_ctx_st* context,
                                   std::atomic<bool> const& stopping)
    : fd_(fd), index_(index), stopping_(stopping) {
  if (context == nullptr) return;
  ssl_ = SSL_new(context);
  SSL_set_bio(ssl_, BIO_new_socket(fd, BIO_NOCLOSE), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(ssl_);
}

ServerConnection::~ServerConnection() {
  SSL_free(ssl_);
  if (fd_ >= 0) ::close(fd_);
}

HandshakeFacts ServerConnection::facts() const {
  HandshakeFacts facts;
  if (ssl_ == nullptr) return facts;
  facts.version = SSL_get_version(ssl_);
  char const* const group =
      SSL_group_to_name(ssl_, static_cast<int>(SSL_get_negotiated_group(ssl_)));
  if (group != nullptr) facts.group = group;
  char const* const name = SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
  if (name != nullptr) facts.serverName = name;
  facts.clientSubject = commonNameOf(ssl_);
  facts.resumed = SSL_session_reused(ssl_) == 1;
  return facts;
}

bool ServerConnection::handshake(std::size_t pieceSize, std::chrono::milliseconds pause) {
  if (ssl_ == nullptr) return true;
  for (;;) {
    ERR_clear_error();
    int const result = SSL_do_handshake(ssl_);
    int const error = SSL_get_error(ssl_, result);
    std::string const output = sealed({});
    std::size_t const step = pieceSize != 0 ? pieceSize : output.size();
    if (!trickleRaw(output, step, pause)) return false;
    if (result == 1) return true;
    if (error != SSL_ERROR_WANT_READ || stopping_) return false;
    pollfd readable{fd_, POLLIN, 0};
    ::poll(&readable, 1, static_cast<int>(stopCheck.count()));
  }
}

int ServerConnection::read(char* into, int size) {
  while (!stopping_) {
    pollfd readable{fd_, POLLIN, 0};
    bool const buffered = ssl_ != nullptr && SSL_pending(ssl_) > 0;
    if (!buffered && ::poll(&readable, 1, static_cast<int>(stopCheck.count())) == 0) continue;
    if (ssl_ == nullptr) return static_cast<int>(::recv(fd_, into, static_cast<size_t>(size), 0));
    ERR_clear_error();
    int const got = SSL_read(ssl_, into, size);
    if (got > 0) return got;
    if (SSL_get_error(ssl_, got) != SSL_ERROR_WANT_READ) return 0;
  }
  return 0;
}

std::string ServerConnection::readRequest() {
  std::array<char, 16 * 1024> piece{};
  for (;;) {
    auto const end = unread_.find("\r\n\r\n");
    if (end != std::string::npos) {
      std::size_t const size = end + 4 + contentLength(unread_.substr(0, end + 2));
      if (unread_.size() >= size) {
        std::string request = unread_.substr(0, size);
        unread_.erase(0, size);
        return request;
      }
    }
    int const got = read(piece.data(), static_cast<int>(piece.size()));
    if (got <= 0) return {};
    unread_.append(piece.data(), static_cast<std::size_t>(got));
  }
}

std::string ServerConnection::readRawHead() {
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    if (stopping_) return {};
    pollfd readable{fd_, POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(stopCheck.count())) == 0) continue;
    char byte = 0;
    if (::recv(fd_, &byte, 1, 0) != 1) return {};
    head += byte;
  }
  return head;
}

std::string ServerConnection::sealed(std::string_view bytes) {
  if (ssl_ == nullptr) return std::string(bytes);
  if (!bytes.empty() && SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) <= 0) {
    return {};
  }
  BIO* const output = SSL_get_wbio(ssl_);
  std::string records(BIO_ctrl_pending(output), '\0');
  if (!records.empty()) BIO_read(output, records.data(), static_cast<int>(records.size()));
  return records;
}

bool ServerConnection::write(std::string_view bytes) { return writeRaw(sealed(bytes)); }

bool ServerConnection::writeRaw(std::string_view bytes) {
  while (!bytes.empty()) {
    if (stopping_) return false;
    pollfd writable{fd_, POLLOUT, 0};
    if (::poll(&writable, 1, static_cast<int>(stopCheck.count())) == 0) continue;
    ssize_t const sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool ServerConnection::trickleRaw(std::string_view bytes, std::size_t pieceSize,
                                  std::chrono::milliseconds pause) {
  while (!bytes.empty()) {
    if (!writeRaw(bytes.substr(0, pieceSize))) return false;
    bytes.remove_prefix(std::min(pieceSize, bytes.size()));
    if (pause.count() > 0) std::this_thread::sleep_for(pause);
  }
  return true;
}

bool ServerConnection::sendTicket() {
  if (SSL_new_session_ticket(ssl_) != 1 || SSL_do_handshake(ssl_) != 1) return false;
  return writeRaw(sealed({}));
}

void ServerConnection::hold() {
  while (!stopping_) {
    pollfd readable{fd_, POLLRDHUP, 0};
    if (::poll(&readable, 1, static_cast<int>(stopCheck.count())) != 0) return;
  }
}

void ServerConnection::closeCleanly() {
  if (ssl_ != nullptr) {
    SSL_shutdown(ssl_);
    writeRaw(sealed({}));
  }
  cut();
}

void ServerConnection::cut() { ::shutdown(fd_, SHUT_RDWR); }

void ServerConnection::reset() {
  linger const atOnce{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &atOnce, sizeof(atOnce));
  ::close(fd_);
  fd_ = -1;
}

}  // namespace kms_secretd::fakes

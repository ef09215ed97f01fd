// SPDX-License-Identifier: Apache-2.0
#include "emulator/net/tls.hpp"

#include <poll.h>
#include <stdexcept>

#include <openssl/err.h>
#include <openssl/pem.h>

namespace kms_secretd::emulator {
namespace {

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

BioPtr memory(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

int chooseProtocol(SSL*, const unsigned char** out, unsigned char* outLength,
                   const unsigned char* in, unsigned int inLength, void*) {
  static constexpr unsigned char http11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  const int verdict =
      SSL_select_next_proto(&chosen, outLength, http11, sizeof http11, in, inLength);
  *out = chosen;
  return verdict == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("emulator: TLS: cannot use ") + what);
}

void loadChain(SSL_CTX* context, const std::string& chainPem) {
  const auto bio = memory(chainPem);
  const X509Ptr leaf(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
  require(leaf && SSL_CTX_use_certificate(context, leaf.get()) == 1, "the server certificate");
  while (X509* more = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    require(SSL_CTX_add0_chain_cert(context, more) == 1, "the certificate chain");
  }
  ERR_clear_error();
}

void loadKey(SSL_CTX* context, const std::string& keyPem) {
  const auto bio = memory(keyPem);
  const KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  require(key && SSL_CTX_use_PrivateKey(context, key.get()) == 1, "the server key");
}

}  // namespace

TlsContext::TlsContext(const std::string& chainPem, const std::string& keyPem)
    : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
  require(context_ != nullptr, "OpenSSL");
  SSL_CTX* context = context_.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  static constexpr unsigned char id[] = "kms-emulator";
  SSL_CTX_set_session_id_context(context, id, sizeof id - 1);
  SSL_CTX_set_alpn_select_cb(context, &chooseProtocol, nullptr);
  loadChain(context, chainPem);
  loadKey(context, keyPem);
}

std::unique_ptr<TlsStream> TlsContext::accept(Wire& wire, std::chrono::milliseconds limit,
                                              bool askForCertificate) const {
  SSL* ssl = SSL_new(context_.get());
  require(ssl != nullptr && SSL_set_fd(ssl, wire.fd()) == 1, "the connection");
  if (askForCertificate) {
    SSL_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                   [](int, X509_STORE_CTX*) { return 1; });
  }
  auto stream = std::make_unique<TlsStream>(wire, ssl);
  return stream->handshake(limit) ? std::move(stream) : nullptr;
}

std::string TlsStream::peerCertificate() const {
  const X509Ptr certificate(SSL_get1_peer_certificate(ssl_.get()), &X509_free);
  if (certificate == nullptr) return {};
  const BioPtr bio(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_X509(bio.get(), certificate.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

bool TlsStream::handshake(std::chrono::milliseconds limit) {
  for (;;) {
    ERR_clear_error();
    const int result = SSL_accept(ssl_.get());
    if (result == 1) return true;
    if (!awaitRetry(result, limit)) return false;
  }
}

// After a call that returned `result`: true when the call is worth repeating.
bool TlsStream::awaitRetry(int result, std::chrono::milliseconds limit) {
  const int reason = SSL_get_error(ssl_.get(), result);
  if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE) return false;
  const short events = reason == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
  return wire_.await(events, limit) == Wire::Wait::ready;
}

std::ptrdiff_t TlsStream::read(std::span<char> into, std::chrono::milliseconds limit) {
  // Poll first: a request-reply client has nothing to read yet, a failing SSL_read is dearer.
  if (SSL_pending(ssl_.get()) == 0 && wire_.await(POLLIN, limit) != Wire::Wait::ready) return -1;
  for (;;) {
    ERR_clear_error();
    const int count = SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size()));
    if (count > 0) return count;
    if (SSL_get_error(ssl_.get(), count) == SSL_ERROR_ZERO_RETURN) return 0;
    if (!awaitRetry(count, limit)) return -1;
  }
}

bool TlsStream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    ERR_clear_error();
    const int chunk = static_cast<int>(std::min<std::size_t>(bytes.size(), 1U << 20U));
    const int count = SSL_write(ssl_.get(), bytes.data(), chunk);
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (!awaitRetry(count, kWriteLimit)) {
      return false;
    }
  }
  return true;
}

void TlsStream::finish() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  wire_.finish();
}

}  // namespace kms_secretd::emulator

// SPDX-License-Identifier: Apache-2.0
#include "platform/tls_context.hpp"

#include <Poco/Net/NetSSL.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <utility>

#include "platform/pem.hpp"

namespace kms_secretd::platform {
namespace {

using PocoContext = Poco::Net::Context;

sdk::Failure unusable(std::string const& what, std::string const& why) {
  return {.kind = sdk::FailureKind::invalid_request, .code = {}, .message = what + ": " + why};
}

PocoContext::Ptr correctedContext() {
  PocoContext::Params params;
  params.verificationMode = PocoContext::VERIFY_STRICT;  // RELAXED skips host names on loopback
  params.loadDefaultCAs = false;
  params.cipherList = "HIGH:!aNULL:!eNULL:!PSK:!SRP:!3DES";
  params.ecdhCurve = "X25519:P-256:P-384";  // Poco's own list starts with the slow X448
  PocoContext::Ptr context = new PocoContext(PocoContext::TLS_CLIENT_USE, params);
  context->requireMinimumProtocol(PocoContext::PROTO_TLSV1_2);
  SSL_CTX* const raw = context->sslContext();
  SSL_CTX_set_options(raw, SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_NO_RENEGOTIATION);
  // The internal client cache would keep every session ever made, 8 kB each.
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  return context;
}

std::string adviceFor(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "; renew it on the server, or correct this host's clock";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "; correct this host's clock";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "; its issuer is not trusted here: configure the CA that issued it";
    default:
      return "; check the certificate on the server";
  }
}

std::optional<sdk::Failure> trustRoots(TlsContext const& context, std::string const& pem) {
  auto const roots = readCertificates(pem);
  if (!roots) return unusable("the trusted roots", roots.failure().message);
  X509_STORE* const store = SSL_CTX_get_cert_store(context.poco()->sslContext());
  for (auto const& root : roots.value()) {
    if (X509_STORE_add_cert(store, root.get()) != 1) {
      return unusable("the trusted roots", takeOpensslReason());
    }
  }
  return std::nullopt;
}

std::optional<sdk::Failure> useChain(SSL_CTX* raw, std::string const& pem) {
  auto const chain = readCertificates(pem);
  if (!chain) return unusable("the client certificate", chain.failure().message);
  bool leaf = true;
  for (auto const& each : chain.value()) {
    bool const ok = std::exchange(leaf, false) ? SSL_CTX_use_certificate(raw, each.get()) == 1
                                               : SSL_CTX_add1_chain_cert(raw, each.get()) == 1;
    if (!ok) return unusable("the client certificate", takeOpensslReason());
  }
  return std::nullopt;
}

// Poco would drop a key that does not match and go on without a certificate.
std::optional<sdk::Failure> identify(TlsContext const& context, sdk::TransportSpec const& spec) {
  if (spec.clientCertificatePem.empty() && spec.clientKeyPem.empty()) return std::nullopt;
  if (spec.clientKeyPem.empty()) return unusable("the client certificate", "its key is missing");
  if (spec.clientCertificatePem.empty()) {
    return unusable("the client key", "its certificate is missing");
  }
  SSL_CTX* const raw = context.poco()->sslContext();
  if (auto failure = useChain(raw, spec.clientCertificatePem)) return failure;
  auto const key = readPrivateKey(spec.clientKeyPem.reveal());
  if (!key) return unusable("the client key", key.failure().message);
  ERR_clear_error();
  if (SSL_CTX_use_PrivateKey(raw, key.value().get()) != 1 || SSL_CTX_check_private_key(raw) != 1) {
    return unusable("the client key", "it does not belong to the certificate (" +
                                          takeOpensslReason() + "); give the pair");
  }
  return std::nullopt;
}

}  // namespace

TlsContext::TlsContext() : context_(correctedContext()) {
  SSL_CTX* const raw = context_->sslContext();
  // Poco's callback asks handlers of a process-wide singleton, which may wave errors through.
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(raw, &TlsContext::verify, this);
}

// A connection never outlives its transport, which holds this object; still, be safe.
TlsContext::~TlsContext() {
  SSL_CTX_set_cert_verify_callback(context_->sslContext(), nullptr, nullptr);
}

int TlsContext::verify(X509_STORE_CTX* chain, void* self) {
  int const ok = X509_verify_cert(chain);
  if (ok <= 0) static_cast<TlsContext*>(self)->noteRefusal(chain);
  return ok > 0 ? 1 : 0;
}

void TlsContext::noteRefusal(X509_STORE_CTX* chain) {
  int const error = X509_STORE_CTX_get_error(chain);
  auto const* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto refusals = refusals_.lock();
  (*refusals)[SSL_get_fd(ssl)] =
      std::string(X509_verify_cert_error_string(error)) + adviceFor(error);
}

std::optional<std::string> TlsContext::takeRefusal(int fd) {
  auto refusals = refusals_.lock();
  auto node = refusals->extract(fd);
  return node.empty() ? std::nullopt : std::optional(std::move(node.mapped()));
}

TlsContexts::TlsContexts() { Poco::Net::initializeSSL(); }

TlsContexts::~TlsContexts() {
  system_.lock()->reset();
  Poco::Net::uninitializeSSL();
}

std::shared_ptr<TlsContext> TlsContexts::systemContext() {
  auto system = system_.lock();
  if (*system == nullptr) {
    auto context = std::make_shared<TlsContext>();
    SSL_CTX_set_default_verify_paths(context->poco()->sslContext());
    *system = std::move(context);
  }
  return *system;
}

sdk::Result<std::shared_ptr<TlsContext>> TlsContexts::contextFor(sdk::TransportSpec const& spec) {
  bool const anonymous = spec.clientCertificatePem.empty() && spec.clientKeyPem.empty();
  if (spec.rootsPem.empty() && anonymous && !spec.partialChain) return systemContext();
  auto context = std::make_shared<TlsContext>();
  SSL_CTX* const raw = context->poco()->sslContext();
  if (spec.rootsPem.empty()) {
    SSL_CTX_set1_cert_store(raw, SSL_CTX_get_cert_store(systemContext()->poco()->sslContext()));
  } else if (auto failure = trustRoots(*context, spec.rootsPem)) {
    return *std::move(failure);
  }
  if (spec.partialChain) {
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(raw), X509_V_FLAG_PARTIAL_CHAIN);
  }
  if (auto failure = identify(*context, spec)) return *std::move(failure);
  return context;
}

}  // namespace kms_secretd::platform

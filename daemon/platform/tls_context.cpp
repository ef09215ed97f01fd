// SPDX-License-Identifier: Apache-2.0
#include "platform/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <stdexcept>
#include <utility>

#include "platform/pem.hpp"
#include "platform/x509.hpp"

namespace kms_secretd::platform {
namespace {

sdk::Failure unusable(std::string const& what, std::string const& why) {
  return {.kind = sdk::FailureKind::invalid_request, .code = {}, .message = what + ": " + why};
}

TlsContextHandle newContext() {
  TlsContextHandle context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* const raw = context.get();
  bool const made =
      raw != nullptr && SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1 &&
      SSL_CTX_set_cipher_list(raw, "HIGH:!aNULL:!eNULL:!PSK:!SRP:!3DES") == 1 &&
      SSL_CTX_set1_groups_list(raw, "X25519:P-256:P-384") == 1;  // its own list has the slow X448
  if (!made) throw std::runtime_error("OpenSSL makes no TLS context: " + takeOpensslReason());
  SSL_CTX_set_options(raw, SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_read_ahead(raw, 1);  // a record's head and body by one read
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
  X509_STORE* const store = SSL_CTX_get_cert_store(context.raw());
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

// A key that does not match would be found out only by a server that asks for the certificate.
std::optional<sdk::Failure> identify(TlsContext const& context, sdk::TransportSpec const& spec) {
  if (spec.clientCertificatePem.empty() && spec.clientKeyPem.empty()) return std::nullopt;
  if (spec.clientKeyPem.empty()) return unusable("the client certificate", "its key is missing");
  if (spec.clientCertificatePem.empty()) {
    return unusable("the client key", "its certificate is missing");
  }
  SSL_CTX* const raw = context.raw();
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

std::string Refusal::sentence(std::string const& host) const {
  if (!reason.empty()) return "the server's certificate is not trusted: " + reason;
  return "the server's certificate is not valid for the host name " + host +
         " (it is for: " + names + "); check the name, or the certificate on the server";
}

TlsContext::TlsContext() : context_(newContext()) {
  SSL_CTX_set_verify(raw(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(raw(), &TlsContext::verify, this);
}

// A connection never outlives its transport, which holds this object; still, be safe.
TlsContext::~TlsContext() { SSL_CTX_set_cert_verify_callback(raw(), nullptr, nullptr); }

int TlsContext::verify(X509_STORE_CTX* chain, void* self) {
  int const ok = X509_verify_cert(chain);
  if (ok <= 0) static_cast<TlsContext*>(self)->noteRefusal(chain);
  return ok > 0 ? 1 : 0;
}

void TlsContext::noteRefusal(X509_STORE_CTX* chain) {
  int const error = X509_STORE_CTX_get_error(chain);
  bool const wrongName =
      error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH;
  auto const* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto refusals = refusals_.lock();
  auto& refusal = (*refusals)[SSL_get_fd(ssl)];
  refusal.reason =
      wrongName ? "" : std::string(X509_verify_cert_error_string(error)) + adviceFor(error);
  refusal.names = namesOf(X509_STORE_CTX_get0_cert(chain));
}

std::optional<Refusal> TlsContext::takeRefusal(int fd) {
  auto refusals = refusals_.lock();
  auto node = refusals->extract(fd);
  return node.empty() ? std::nullopt : std::optional(std::move(node.mapped()));
}

std::shared_ptr<TlsContext> TlsContexts::systemContext() {
  auto system = system_.lock();
  if (*system == nullptr) {
    auto context = std::make_shared<TlsContext>();
    SSL_CTX_set_default_verify_paths(context->raw());
    *system = std::move(context);
  }
  return *system;
}

sdk::Result<std::shared_ptr<TlsContext>> TlsContexts::contextFor(sdk::TransportSpec const& spec) {
  bool const anonymous = spec.clientCertificatePem.empty() && spec.clientKeyPem.empty();
  if (spec.rootsPem.empty() && anonymous && !spec.partialChain) return systemContext();
  auto context = std::make_shared<TlsContext>();
  SSL_CTX* const raw = context->raw();
  if (spec.rootsPem.empty()) {
    SSL_CTX_set1_cert_store(raw, SSL_CTX_get_cert_store(systemContext()->raw()));
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

// SPDX-License-Identifier: Apache-2.0
#include "emulator/instance/admission.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "emulator/server_clock.hpp"
#include "emulator/sign/digest.hpp"
#include "emulator/sign/encoding.hpp"

namespace kms_secretd::emulator {
namespace {

using Objection = std::optional<ApiError>;

constexpr std::int64_t kMaxSkew = 15 * 60;
constexpr std::size_t kLargestBody = 3U << 20U;
constexpr std::array<std::string_view, 8> kMandatory = {
    "x-kms-acccesskeyid", "x-kms-apiname", "x-kms-apiversion", "x-kms-signaturemethod", "date",
    "content-sha256",     "content-type",  "authorization"};

ApiError invalidParam(std::string_view name) {
  return kmsError(400, "InvalidParam", "The Param " + std::string(name) + " is invalid.");
}

ApiError unauthorized(const std::string& why) { return kmsError(401, "Unauthorized", why); }

std::string upperCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

std::optional<std::string> decodeBase64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
  out.resize(out.size() - padding);
  return out;
}

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

KeyPtr publicKeyOf(const std::string& certificatePem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(certificatePem.data(), static_cast<int>(certificatePem.size())), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
  return {certificate == nullptr ? nullptr : X509_get_pubkey(certificate.get()), &EVP_PKEY_free};
}

bool verifies(const ClientKey& key, const std::string& text, const std::string& signature) {
  const KeyPtr publicKey = publicKeyOf(key.certificatePem);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  const auto raw = [](const std::string& bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
  };
  return publicKey != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, publicKey.get()) ==
             1 &&
         EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(text),
                          text.size()) == 1;
}

// One request on its way through the checks, in the order of the members.
class InstanceCheck {
 public:
  InstanceCheck(World& world, const Request& request, const std::string& peer)
      : world_(world), request_(request), peer_(peer) {}

  Objection run(Exchange& exchange) {
    describe(exchange);
    for (const auto step : {&InstanceCheck::size, &InstanceCheck::presence, &InstanceCheck::api,
                            &InstanceCheck::clock, &InstanceCheck::digest, &InstanceCheck::identity,
                            &InstanceCheck::certificate, &InstanceCheck::signature}) {
      if (auto objection = (this->*step)()) return objection;
    }
    return std::nullopt;
  }

  const ClientKey& key() const { return key_; }

 private:
  std::string header(std::string_view name) const {
    const std::string* value = request_.header(name);
    return value == nullptr ? std::string{} : *value;
  }

  void describe(Exchange& exchange) const {
    exchange.method = request_.method;
    exchange.operation = header("x-kms-apiname").substr(0, 64);
    exchange.accessKey = header("x-kms-acccesskeyid").substr(0, 128);
  }

  Objection size() {
    if (request_.body.size() <= kLargestBody) return std::nullopt;
    return kmsError(413, "InvalidParameter", "The request is too large.");
  }

  Objection presence() {
    for (const std::string_view name : kMandatory) {
      if (!header(name).empty()) continue;
      return kmsError(400, "MissingParameter",
                      "Parameter " + std::string(name) + " does not exist in http header or body.");
    }
    return std::nullopt;
  }

  Objection api() {
    if (request_.method != "POST" || header("content-type") != "application/x-protobuf") {
      return kmsError(400, "UnsupportedOperation", "Only POST of protobuf is supported.");
    }
    if (header("x-kms-apiname") != "GetSecretValue") {
      return kmsError(400, "InvalidApiName", "The specified api name is invalid.");
    }
    if (header("x-kms-apiversion") != "dkms-gcs-0.2") {
      return kmsError(400, "InvalidApiVersion", "The specified api version is invalid.");
    }
    if (header("x-kms-signaturemethod") == "RSA_PKCS1_SHA_256") return std::nullopt;
    return invalidParam("x-kms-signaturemethod");
  }

  Objection clock() {
    const auto date = parseHttpDate(header("date"));
    if (!date) return invalidParam("Date");
    if (std::llabs(*date - world_.clock.now()) <= kMaxSkew) return std::nullopt;
    return kmsError(400, "RequestTimeTooSkewed",
                    "The difference between the request time and the server time is too large.");
  }

  Objection digest() {
    if (header("content-sha256") == upperCase(sha256Hex(request_.body))) return std::nullopt;
    return invalidParam("Content-SHA256");
  }

  Objection identity() {
    const std::string id = header("x-kms-acccesskeyid");
    const auto key = world_.clientKeys.with([&](ClientKeys& keys) { return keys.find(id); });
    if (!key || !key->active) return unauthorized("The client key does not exist.");
    const std::int64_t now = world_.clock.now();
    if (now < key->notBefore || now >= key->notAfter) {
      return unauthorized("The client key is not valid at this time.");
    }
    key_ = *key;
    return std::nullopt;
  }

  Objection certificate() {
    const bool wanted =
        world_.settings.with([](Settings& s) { return s.requireClientCertificate; });
    if (!wanted || peer_ == key_.certificatePem) return std::nullopt;
    return unauthorized("The client certificate is not that of the client key.");
  }

  // The resource is always "/", whatever the path (the SDKs' quirk that became the protocol).
  std::string stringToSign() const {
    std::string out = request_.method + '\n' + header("content-sha256") + '\n' +
                      header("content-type") + '\n' + header("date") + '\n';
    std::map<std::string, std::string> sorted;
    for (const auto& [name, value] : request_.headers) {
      if (name.starts_with("x-kms-")) sorted[name] = trim(value);
    }
    for (const auto& [name, value] : sorted) out.append(name + ':' + value + '\n');
    return out + '/';
  }

  Objection signature() {
    constexpr std::string_view kBearer = "Bearer ";
    const std::string authorization = header("authorization");
    if (!authorization.starts_with(kBearer)) return invalidParam("Authorization");
    const auto bytes = decodeBase64(std::string_view(authorization).substr(kBearer.size()));
    if (!bytes) return invalidParam("Authorization");
    if (verifies(key_, stringToSign(), *bytes)) return std::nullopt;
    return kmsError(401, "SignatureNotMatch", "The signature does not match.");
  }

  World& world_;
  const Request& request_;
  const std::string& peer_;
  ClientKey key_;
};

}  // namespace

std::optional<ApiError> admitInstance(World& world, const Request& request, Exchange& exchange,
                                      const std::string& peerCertificate, ClientKey& key) {
  InstanceCheck check(world, request, peerCertificate);
  if (auto objection = check.run(exchange)) return objection;
  key = check.key();
  return std::nullopt;
}

}  // namespace kms_secretd::emulator

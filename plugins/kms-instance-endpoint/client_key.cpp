// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/client_key.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/json/object.hpp>

#include "alicloud/base64.hpp"
#include "alicloud/json_document.hpp"
#include "alicloud/redaction.hpp"
#include "kms-instance-endpoint/pkcs12.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

namespace json = boost::json;

constexpr int smallestKey = 2048;
constexpr std::size_t largestFile = 64 * 1024;

struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
};
using BioPtr = std::unique_ptr<BIO, FreeBio>;

BioPtr reading(std::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// What was written into a memory BIO, valid as long as that.
std::string_view writtenTo(BIO* bio) {
  char* data = nullptr;
  auto const size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(std::max(size, 0L))};
}

std::optional<sdk::WallTime> endOf(X509 const& certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &parts) != 1) return std::nullopt;
  using namespace std::chrono;
  year_month_day const day{year(parts.tm_year + 1900),
                           month(static_cast<unsigned>(parts.tm_mon) + 1U),
                           std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
  if (!day.ok()) return std::nullopt;
  return sdk::WallTime(sys_days(day) + hours(parts.tm_hour) + minutes(parts.tm_min) +
                       seconds(parts.tm_sec));
}

std::string pemOf(X509& certificate) {
  BioPtr const out(BIO_new(BIO_s_mem()));
  if (out == nullptr || PEM_write_bio_X509(out.get(), &certificate) != 1) {
    throw ClientKeyError("the certificate of the client key cannot be written as PEM");
  }
  return std::string(writtenTo(out.get()));
}

// A password on the terminal is asked for by nobody: an encrypted PEM is simply unreadable.
int noPassword(char*, int, int, void*) { return -1; }

std::string_view textOf(json::object const& object, std::string_view name) {
  auto const* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

std::string keyIdOf(json::object const& file) {
  auto id = textOf(file, "KeyId");
  if (id.empty()) id = textOf(file, "ClientKeyId");
  auto plain = alicloud::plainIdentifier(id);
  if (!plain.empty()) return plain;
  throw ClientKeyError(
      "the client key has no KeyId; it must be the file clientKey_KAAP.<id>.json as the console "
      "hands it out");
}

sdk::SecretBytes keyDataOf(json::object const& file) {
  auto const text = textOf(file, "PrivateKeyData");
  if (text.empty()) {
    throw ClientKeyError(
        "the client key has no PrivateKeyData; it must be the file clientKey_KAAP.<id>.json as "
        "the console hands it out");
  }
  auto der = alicloud::decodeBase64(text);
  if (der) return std::move(*der);
  throw ClientKeyError(
      "the PrivateKeyData of the client key is not base64; it was cut or wrapped on its way: "
      "write the file that was downloaded without changing it");
}

std::string_view withoutTrailingSpace(std::string_view text) {
  auto const last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

void checkKey(EVP_PKEY const* key) {
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
    throw ClientKeyError("the client key is not an RSA key; the protocol signs with RSA only");
  }
  if (EVP_PKEY_get_bits(key) < smallestKey) {
    throw ClientKeyError("the client key has fewer than 2048 bits; create a new client key");
  }
}

}  // namespace

void FreeKey::operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
void FreeCertificate::operator()(X509* certificate) const noexcept { X509_free(certificate); }

ClientKey::ClientKey(std::string id, KeyPtr key, CertificatePtr certificate)
    : id_(std::move(id)), key_(std::move(key)) {
  checkKey(key_.get());
  if (certificate == nullptr) return;
  if (X509_check_private_key(certificate.get(), key_.get()) != 1) {
    ERR_clear_error();
    throw ClientKeyError("the certificate beside the private key is not its own; write the pair");
  }
  expiresAt_ = endOf(*certificate);
  certificatePem_ = pemOf(*certificate);
}

sdk::SecretBytes ClientKey::privateKeyPem() const {
  // A secure memory BIO wipes its buffer.
  BioPtr const out(BIO_new(BIO_s_secmem()));
  if (out == nullptr || PEM_write_bio_PKCS8PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0,
                                                      nullptr, nullptr) != 1) {
    throw ClientKeyError("the private key of the client key cannot be written as PEM");
  }
  return sdk::SecretBytes(writtenTo(out.get()));
}

ClientKeyPtr parseClientKey(std::string_view text, std::string_view password) {
  if (text.size() > largestFile) {
    throw ClientKeyError("the client key is larger than 64 KiB; check its source");
  }
  auto const document = alicloud::parseJson(text, alicloud::wipingStorage());
  if (!document.ok() || !document.root.is_object()) {
    throw ClientKeyError(
        "the client key is not JSON; it must be the file clientKey_KAAP.<id>.json as the console "
        "hands it out (for a key in PEM use private_key and key_id)");
  }
  auto const& file = document.root.get_object();
  auto id = keyIdOf(file);
  auto const der = keyDataOf(file);
  auto const trimmed = withoutTrailingSpace(password);
  if (trimmed.empty()) throw ClientKeyError("the password of the client key is empty");
  auto opened = openPkcs12(der.reveal(), trimmed);
  return std::make_shared<ClientKey const>(std::move(id), std::move(opened.key),
                                           std::move(opened.certificate));
}

ClientKeyPtr parsePemKey(std::string_view pem, std::string keyId) {
  if (pem.size() > largestFile) {
    throw ClientKeyError("the private key is larger than 64 KiB; check its source");
  }
  ERR_set_mark();
  KeyPtr key(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, noPassword, nullptr));
  CertificatePtr certificate(PEM_read_bio_X509(reading(pem).get(), nullptr, noPassword, nullptr));
  ERR_pop_to_mark();
  if (key == nullptr) {
    throw ClientKeyError(
        "the private key is no PEM that can be read; write an unencrypted key that begins with "
        "-----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----");
  }
  return std::make_shared<ClientKey const>(std::move(keyId), std::move(key),
                                           std::move(certificate));
}

}  // namespace kms_secretd::kms_instance_endpoint

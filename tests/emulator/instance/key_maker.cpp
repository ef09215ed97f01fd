// SPDX-License-Identifier: Apache-2.0
#include "emulator/instance/key_maker.hpp"

#include <memory>
#include <stdexcept>

#include <boost/json.hpp>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509v3.h>

namespace kms_secretd::emulator {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(PKCS12* file) const { PKCS12_free(file); }
  void operator()(OSSL_LIB_CTX* context) const { OSSL_LIB_CTX_free(context); }
  void operator()(OSSL_PROVIDER* provider) const { OSSL_PROVIDER_unload(provider); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

void require(bool done, const std::string& what) {
  if (!done) throw std::runtime_error("emulator: client key: cannot " + what);
}

std::string drain(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

// RC2 left OpenSSL's default provider; the process's own context stays without it, so that what is
// tested beside the emulator does not find it by accident.
struct OldAndNew {
  Owned<OSSL_LIB_CTX> context{OSSL_LIB_CTX_new()};
  Owned<OSSL_PROVIDER> standard{OSSL_PROVIDER_load(context.get(), "default")};
  Owned<OSSL_PROVIDER> legacy{OSSL_PROVIDER_load(context.get(), "legacy")};
};

Owned<EVP_PKEY> newKey(int bits) {
  Owned<EVP_PKEY> key(bits == 0 ? EVP_EC_gen("P-256")
                                : EVP_RSA_gen(static_cast<unsigned int>(bits)));
  require(key != nullptr, "make a key");
  return key;
}

// As the console makes it: self-signed, named after the access point, digitalSignature only.
Owned<X509> newCertificate(const KeyOrder& order, EVP_PKEY* key) {
  Owned<X509> out(X509_new());
  require(out != nullptr, "make a certificate");
  X509_set_version(out.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), 1);
  ASN1_TIME_set(X509_getm_notBefore(out.get()), order.notBefore);
  ASN1_TIME_set(X509_getm_notAfter(out.get()), order.notAfter);
  X509_NAME* name = X509_get_subject_name(out.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("emulated-access-point"), -1,
                             -1, 0);
  X509_set_issuer_name(out.get(), name);
  X509_set_pubkey(out.get(), key);
  X509_EXTENSION* usage =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_key_usage, "critical,digitalSignature");
  X509_add_ext(out.get(), usage, -1);
  X509_EXTENSION_free(usage);
  require(X509_sign(out.get(), key, EVP_sha256()) != 0, "sign the certificate");
  return out;
}

struct Scheme {
  int certificate;
  int key;
  int macIterations;
  const EVP_MD* mac;
};

Scheme schemeOf(KeyForm form) {
  constexpr int tripleDes = NID_pbe_WithSHA1And3_Key_TripleDES_CBC;
  if (form == KeyForm::rc2) return {NID_pbe_WithSHA1And40BitRC2_CBC, tripleDes, 1, EVP_sha1()};
  if (form == KeyForm::tripleDes) return {tripleDes, tripleDes, 1, EVP_sha1()};
  return {NID_aes_256_cbc, NID_aes_256_cbc, 2048, EVP_sha256()};
}

std::string pkcs12Of(const KeyOrder& order, EVP_PKEY* key, X509* certificate) {
  const Scheme scheme = schemeOf(order.form);
  const OldAndNew providers;
  require(providers.legacy != nullptr || order.form != KeyForm::rc2, "load the legacy provider");
  const Owned<PKCS12> file(PKCS12_create_ex(order.password.c_str(), nullptr, key, certificate,
                                            nullptr, scheme.key, scheme.certificate, 2048, -1, 0,
                                            providers.context.get(), nullptr));
  require(file != nullptr, "make a PKCS#12");
  require(PKCS12_set_mac(file.get(), order.password.c_str(), -1, nullptr, 0, scheme.macIterations,
                         scheme.mac) == 1,
          "set the MAC");
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  require(i2d_PKCS12_bio(bio.get(), file.get()) == 1, "write a PKCS#12");
  return drain(bio.get());
}

std::string base64(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string pemOf(X509* certificate) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(bio.get(), certificate) == 1, "write a certificate");
  return drain(bio.get());
}

std::string pemOf(EVP_PKEY* key) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "write a key");
  return drain(bio.get());
}

}  // namespace

MadeKey makeClientKey(const KeyOrder& order) {
  const Owned<EVP_PKEY> key = newKey(order.bits);
  const Owned<X509> certificate = newCertificate(order, key.get());
  const boost::json::object file{
      {"KeyId", order.id},
      {"PrivateKeyData", base64(pkcs12Of(order, key.get(), certificate.get()))}};
  return {boost::json::serialize(file), order.password, pemOf(certificate.get()), pemOf(key.get())};
}

}  // namespace kms_secretd::emulator

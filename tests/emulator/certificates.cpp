// SPDX-License-Identifier: Apache-2.0
#include "emulator/certificates.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace kms_secretd::emulator {
namespace {

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr long kDay = 24L * 3600L;

void require(bool done, const std::string& what) {
  if (!done) throw std::runtime_error("emulator: certificates: cannot " + what);
}

KeyPtr newKey() {
  KeyPtr key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  require(key != nullptr, "make a key");
  return key;
}

std::string drain(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pemOf(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()), &BIO_free);
  require(PEM_write_bio_X509(bio.get(), certificate) == 1, "write a certificate");
  return drain(bio.get());
}

std::string pemOf(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()), &BIO_free);
  require(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "write a key");
  return drain(bio.get());
}

void setSerial(X509* certificate) {
  unsigned char bytes[8];
  require(RAND_bytes(bytes, sizeof bytes) == 1, "choose a serial number");
  std::uint64_t serial = 0;
  for (const unsigned char byte : bytes) serial = serial << 8U | byte;
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1U);
}

void setName(X509_NAME* name, const std::string& common) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0);
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  require(extension != nullptr, "make the extension " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Common to all: valid from yesterday, because tests set clocks back.
X509Ptr newCertificate(const std::string& common, EVP_PKEY* key, long days) {
  X509Ptr certificate(X509_new(), &X509_free);
  require(certificate != nullptr, "make a certificate");
  X509_set_version(certificate.get(), X509_VERSION_3);
  setSerial(certificate.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), std::min(-1L, days - 1) * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * kDay);
  setName(X509_get_subject_name(certificate.get()), common);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

X509Ptr newCa(EVP_PKEY* key) {
  X509Ptr ca = newCertificate("kms-emulator test CA", key, 3650);
  X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
  extend(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
  require(X509_sign(ca.get(), key, EVP_sha256()) != 0, "sign the CA");
  return ca;
}

struct Authority {
  X509Ptr certificate{nullptr, &X509_free};
  KeyPtr key{nullptr, &EVP_PKEY_free};
};

// Like the vendor's "Private KMS <region> Second CA".
Authority newIntermediate(const Authority& root) {
  Authority out;
  out.key = newKey();
  out.certificate = newCertificate("kms-emulator second CA", out.key.get(), 3650);
  X509* ca = out.certificate.get();
  X509_set_issuer_name(ca, X509_get_subject_name(root.certificate.get()));
  extend(ca, root.certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  extend(ca, root.certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(ca, root.certificate.get(), NID_subject_key_identifier, "hash");
  extend(ca, root.certificate.get(), NID_authority_key_identifier, "keyid");
  require(X509_sign(ca, root.key.get(), EVP_sha256()) != 0, "sign the intermediate");
  return out;
}

std::string alternativeNames(const IdentityOrder& order) {
  std::string out = order.loopbackNames ? "DNS:localhost,IP:127.0.0.1" : "";
  for (const std::string& name : order.hostNames)
    out.append((out.empty() ? "DNS:" : ",DNS:") + name);
  return out;
}

X509Ptr newServer(EVP_PKEY* key, const Authority& issuer, const IdentityOrder& order) {
  X509* ca = issuer.certificate.get();
  X509Ptr server = newCertificate("kms-emulator", key, order.days);
  X509_set_issuer_name(server.get(), X509_get_subject_name(ca));
  extend(server.get(), ca, NID_basic_constraints, "critical,CA:FALSE");
  extend(server.get(), ca, NID_key_usage, "critical,digitalSignature");
  extend(server.get(), ca, NID_ext_key_usage, "serverAuth");
  extend(server.get(), ca, NID_subject_key_identifier, "hash");
  extend(server.get(), ca, NID_authority_key_identifier, "keyid");
  extend(server.get(), ca, NID_subject_alt_name, alternativeNames(order));
  require(X509_sign(server.get(), issuer.key.get(), EVP_sha256()) != 0,
          "sign the server certificate");
  return server;
}

void store(const std::filesystem::path& file, const std::string& text, bool secret) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  using std::filesystem::perms;
  if (secret) std::filesystem::permissions(file, perms::owner_read | perms::owner_write);
  out << text;
  out.close();
  require(!out.fail(), "write " + file.string());
}

std::string load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

BioPtr memory(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

// A restarted emulator keeps its CA, as clients that trust it expect.
Authority openAuthority(const std::filesystem::path& stateDir) {
  const auto certificateFile = stateDir / "ca.pem";
  const auto keyFile = stateDir / "ca-key.pem";
  Authority out;
  if (std::filesystem::exists(keyFile)) {
    const std::string pem = load(certificateFile);
    const std::string key = load(keyFile);
    out.certificate.reset(PEM_read_bio_X509(memory(pem).get(), nullptr, nullptr, nullptr));
    out.key.reset(PEM_read_bio_PrivateKey(memory(key).get(), nullptr, nullptr, nullptr));
    require(out.certificate != nullptr && out.key != nullptr,
            "read " + keyFile.string() + " (remove it to get a new CA)");
    return out;
  }
  out.key = newKey();
  out.certificate = newCa(out.key.get());
  store(certificateFile, pemOf(out.certificate.get()), false);
  store(keyFile, pemOf(out.key.get()), true);
  return out;
}

}  // namespace

ServerIdentity makeIdentity(const std::filesystem::path& stateDir, const IdentityOrder& order) {
  std::filesystem::create_directories(stateDir);
  const auto directory = std::filesystem::absolute(stateDir);
  const Authority root = openAuthority(stateDir);
  const KeyPtr key = newKey();
  if (!order.privateCa) {
    const X509Ptr server = newServer(key.get(), root, order);
    return {pemOf(server.get()), pemOf(key.get()), directory / "ca.pem", {}};
  }
  const Authority second = newIntermediate(root);
  const std::string secondPem = pemOf(second.certificate.get());
  store(directory / "intermediate.pem", secondPem, false);
  // As the console hands it out: root first, then the intermediate.
  store(directory / "instance-ca.pem", pemOf(root.certificate.get()) + secondPem, false);
  const X509Ptr server = newServer(key.get(), second, order);
  return {pemOf(server.get()) + (order.sendIntermediate ? secondPem : ""), pemOf(key.get()),
          directory / "instance-ca.pem", directory / "intermediate.pem"};
}

}  // namespace kms_secretd::emulator

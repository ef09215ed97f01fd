// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/signing.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>

#include "alicloud/acs_date.hpp"
#include "alicloud/digest.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

constexpr std::string_view contentType = "application/x-protobuf";
constexpr std::string_view apiVersion = "dkms-gcs-0.2";
constexpr std::string_view signatureMethod = "RSA_PKCS1_SHA_256";

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

// Upper case is the protocol's choice for this one field.
std::string contentDigest(std::string_view body) {
  auto hex = alicloud::sha256Hex(body);
  for (char& c : hex) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  }
  return hex;
}

// In the order of their names, as they are signed. Three c's: the misspelling is the protocol.
std::vector<sdk::HttpHeader> kmsHeaders(CallFacts const& facts) {
  return {{"x-kms-acccesskeyid", std::string(facts.keyId)},
          {"x-kms-apiname", std::string(facts.apiName)},
          {"x-kms-apiversion", std::string(apiVersion)},
          {"x-kms-signaturemethod", std::string(signatureMethod)}};
}

std::string base64(std::string const& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  auto const length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      reinterpret_cast<unsigned char const*>(bytes.data()),
                                      static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

// PKCS#1 v1.5 is OpenSSL's default padding for RSA signatures.
std::string signatureOf(std::string_view text, ClientKey const& key) {
  std::unique_ptr<EVP_MD_CTX, FreeContext> const context(EVP_MD_CTX_new());
  auto const* data = reinterpret_cast<unsigned char const*>(text.data());
  std::size_t size = 0;
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.rsa()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) != 1) {
    throw std::runtime_error("OpenSSL could not begin a signature with the client key");
  }
  std::string out(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, data,
                     text.size()) != 1) {
    throw std::runtime_error("OpenSSL could not sign with the client key");
  }
  out.resize(size);
  return out;
}

}  // namespace

std::string stringToSign(CallFacts const& facts) {
  std::string text = "POST\n";
  text += contentDigest(facts.body);
  text += '\n';
  text += contentType;
  text += '\n';
  text += alicloud::httpDate(facts.date);
  text += '\n';
  for (auto const& header : kmsHeaders(facts)) {
    text.append(header.name).append(":").append(header.value).append("\n");
  }
  return text += '/';
}

SignedCall signCall(CallFacts const& facts, ClientKey const& key) {
  SignedCall call{.headers = kmsHeaders(facts),
                  .signature = base64(signatureOf(stringToSign(facts), key))};
  call.headers.push_back({"accept", std::string(contentType)});
  call.headers.push_back({"date", alicloud::httpDate(facts.date)});
  call.headers.push_back({"content-type", std::string(contentType)});
  call.headers.push_back({"content-sha256", contentDigest(facts.body)});
  call.headers.push_back({"authorization", "Bearer " + call.signature});
  return call;
}

}  // namespace kms_secretd::kms_instance_endpoint

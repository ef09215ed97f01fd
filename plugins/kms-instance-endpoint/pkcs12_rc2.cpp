// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/pkcs12_rc2.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/evp.h>
#include <openssl/objects.h>

#include "kms-instance-endpoint/pkcs12_limits.hpp"
#include "kms-instance-endpoint/rc2.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

struct FreeParameters {
  void operator()(PBEPARAM* parameters) const noexcept { PBEPARAM_free(parameters); }
};
using ParametersPtr = std::unique_ptr<PBEPARAM, FreeParameters>;

// Salt and iterations, which stand in the algorithm's parameters.
ParametersPtr parametersOf(X509_ALGOR const& algorithm) {
  int type = V_ASN1_UNDEF;
  void const* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, &algorithm);
  if (type != V_ASN1_SEQUENCE) return nullptr;
  auto const* const sequence = static_cast<ASN1_STRING const*>(value);
  auto const* at = ASN1_STRING_get0_data(sequence);
  ParametersPtr parameters(d2i_PBEPARAM(nullptr, &at, ASN1_STRING_length(sequence)));
  return parameters;
}

std::size_t keyLengthOf(X509_ALGOR const& algorithm) {
  switch (OBJ_obj2nid(algorithm.algorithm)) {
    case NID_pbe_WithSHA1And40BitRC2_CBC:
      return 5;
    case NID_pbe_WithSHA1And128BitRC2_CBC:
      return 16;
    default:
      return 0;
  }
}

// Derives `size` bytes for `purpose` (PKCS12_KEY_ID or PKCS12_IV_ID); nothing if OpenSSL cannot.
std::optional<std::string> derive(PBEPARAM const& parameters, std::string_view password,
                                  int purpose, std::size_t size) {
  if (!isAffordable(parameters.iter)) return std::nullopt;
  auto const iterations = parameters.iter == nullptr ? 1 : ASN1_INTEGER_get(parameters.iter);
  std::string salt(reinterpret_cast<char const*>(ASN1_STRING_get0_data(parameters.salt)),
                   static_cast<std::size_t>(ASN1_STRING_length(parameters.salt)));
  std::string out(size, '\0');
  if (PKCS12_key_gen_utf8(password.data(), static_cast<int>(password.size()),
                          reinterpret_cast<unsigned char*>(salt.data()),
                          static_cast<int>(salt.size()), purpose, static_cast<int>(iterations),
                          static_cast<int>(size), reinterpret_cast<unsigned char*>(out.data()),
                          EVP_sha1()) != 1) {
    return std::nullopt;
  }
  return out;
}

std::optional<std::string> decrypt(X509_ALGOR const& algorithm, std::string_view text,
                                   std::string_view password) {
  auto const keyLength = keyLengthOf(algorithm);
  auto const parameters = keyLength == 0 ? nullptr : parametersOf(algorithm);
  if (parameters == nullptr) return std::nullopt;
  Rc2::Block iv{};
  auto const key = derive(*parameters, password, PKCS12_KEY_ID, keyLength);
  auto const start = derive(*parameters, password, PKCS12_IV_ID, iv.size());
  if (!key || !start) return std::nullopt;
  std::copy(start->begin(), start->end(), iv.begin());
  return decryptRc2Cbc(Rc2(*key, static_cast<unsigned>(keyLength * 8)), iv, text);
}

}  // namespace

BagsPtr unpackRc2(PKCS7 const& safe, std::string_view password) {
  auto const* const encrypted = safe.d.encrypted;
  if (encrypted == nullptr || encrypted->enc_data == nullptr) return nullptr;
  auto const* const content = encrypted->enc_data->enc_data;
  if (content == nullptr || encrypted->enc_data->algorithm == nullptr) return nullptr;
  std::string_view const text(reinterpret_cast<char const*>(ASN1_STRING_get0_data(content)),
                              static_cast<std::size_t>(ASN1_STRING_length(content)));
  auto const plain = decrypt(*encrypted->enc_data->algorithm, text, password);
  if (!plain) return nullptr;
  auto const* at = reinterpret_cast<unsigned char const*>(plain->data());
  return BagsPtr(reinterpret_cast<STACK_OF(PKCS12_SAFEBAG)*>(ASN1_item_d2i(
      nullptr, &at, static_cast<long>(plain->size()), ASN1_ITEM_rptr(PKCS12_SAFEBAGS))));
}

}  // namespace kms_secretd::kms_instance_endpoint

// SPDX-License-Identifier: Apache-2.0
// The client key in all three forms of its PKCS#12: as JSON, as DER, and as DER whose MAC is made
// right again, so that what is behind the MAC meets bad input as well.
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>

#include <boost/json.hpp>

#include "alicloud/base64.hpp"
#include "kms-instance-endpoint/client_key.hpp"
#include "kms-instance-endpoint/pkcs12.hpp"
#include "target.hpp"

namespace kms_secretd::fuzz {
namespace {

namespace json = boost::json;

constexpr std::string_view password = "Unit-Test*2026";

struct Free {
  void operator()(PKCS12* file) const noexcept { PKCS12_free(file); }
  void operator()(unsigned char* bytes) const noexcept { OPENSSL_free(bytes); }
};

void open(std::string_view der) {
  try {
    auto opened = kms_instance_endpoint::openPkcs12(der, password);
    (void)kms_instance_endpoint::ClientKey("KAAP.1", std::move(opened.key),
                                           std::move(opened.certificate));
  } catch (kms_instance_endpoint::ClientKeyError const&) {
    return;
  }
}

// The file with a MAC that fits; as it was where it is no PKCS#12 or has none.
std::string signedAgain(std::string_view der) {
  auto const* at = reinterpret_cast<unsigned char const*>(der.data());
  std::unique_ptr<PKCS12, Free> const file(d2i_PKCS12(nullptr, &at, static_cast<long>(der.size())));
  bool const good = file != nullptr &&
                    PKCS12_set_mac(file.get(), password.data(), static_cast<int>(password.size()),
                                   nullptr, 0, 1, EVP_sha1()) == 1;
  unsigned char* raw = nullptr;
  auto const size = good ? i2d_PKCS12(file.get(), &raw) : 0;
  std::unique_ptr<unsigned char, Free> const owner(raw);
  ERR_clear_error();
  if (size <= 0) return std::string(der);
  return {reinterpret_cast<char const*>(raw), static_cast<std::size_t>(size)};
}

std::vector<std::string> loadSeeds() {
  std::ifstream file(KMS_SECRETD_FIXTURES "/vectors.json");
  std::string const text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  auto const vectors = json::parse(text).at("dkms_key").as_object();
  std::vector<std::string> out;
  for (auto const* name :
       {"client_key_json_legacy_rc2", "client_key_json_3des", "client_key_json_pbes2"}) {
    out.push_back(json::value_to<std::string>(vectors.at(name)));
    auto const data = json::value_to<std::string>(json::parse(out.back()).at("PrivateKeyData"));
    out.emplace_back(alicloud::decodeBase64(data)->reveal());
  }
  return out;
}

}  // namespace

void feed(std::string_view input) {
  if (input.starts_with('{')) {
    try {
      (void)kms_instance_endpoint::parseClientKey(input, password);
    } catch (kms_instance_endpoint::ClientKeyError const&) {
      return;
    }
  }
  open(input);
  open(signedAgain(input));
}

std::vector<std::string_view> seeds() {
  static std::vector<std::string> const all = loadSeeds();
  return {all.begin(), all.end()};
}

}  // namespace kms_secretd::fuzz

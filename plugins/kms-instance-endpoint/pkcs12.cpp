// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/pkcs12.hpp"

#include <algorithm>
#include <vector>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "kms-instance-endpoint/pkcs12_limits.hpp"
#include "kms-instance-endpoint/pkcs12_rc2.hpp"

namespace kms_secretd::kms_instance_endpoint {
namespace {

constexpr int deepestNesting = 4;

struct FreePkcs12 {
  void operator()(PKCS12* file) const noexcept { PKCS12_free(file); }
};
struct FreeSafes {
  void operator()(STACK_OF(PKCS7) * safes) const noexcept { sk_PKCS7_pop_free(safes, PKCS7_free); }
};
struct FreeKeyInfo {
  void operator()(PKCS8_PRIV_KEY_INFO* info) const noexcept { PKCS8_PRIV_KEY_INFO_free(info); }
};

using FilePtr = std::unique_ptr<PKCS12, FreePkcs12>;
using SafesPtr = std::unique_ptr<STACK_OF(PKCS7), FreeSafes>;
using KeyInfoPtr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreeKeyInfo>;

// OpenSSL keeps its complaints per thread; what failed on purpose must not confuse the next reader.
struct ForgetErrors {
  ForgetErrors() { ERR_set_mark(); }
  ForgetErrors(ForgetErrors const&) = delete;
  ForgetErrors& operator=(ForgetErrors const&) = delete;
  ~ForgetErrors() { ERR_pop_to_mark(); }
};

FilePtr fileOf(std::string_view der) {
  auto const* at = reinterpret_cast<unsigned char const*>(der.data());
  auto const* const end = at + der.size();
  FilePtr file(d2i_PKCS12(nullptr, &at, static_cast<long>(der.size())));
  if (file != nullptr && at == end) return file;
  throw ClientKeyError(
      "the PrivateKeyData of the client key is no PKCS#12; download the client key anew, or write "
      "the file that was downloaded without changing it");
}

// For what is to be opened with such an algorithm, or MAC.
template <class Count>
void requireAffordable(Count const& count) {
  if (isAffordable(count)) return;
  throw ClientKeyError(
      "the PKCS#12 of the client key asks for more than 1000000 iterations; "
      "download the client key anew");
}

void checkPassword(PKCS12& file, std::string_view password) {
  if (PKCS12_mac_present(&file) == 0) {
    throw ClientKeyError(
        "the PKCS#12 of the client key is not protected by a password's MAC; "
        "download the client key anew");
  }
  ASN1_INTEGER const* iterations = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &iterations, &file);
  requireAffordable(iterations);
  if (PKCS12_verify_mac(&file, password.data(), static_cast<int>(password.size())) == 1) return;
  throw ClientKeyError(
      "the password of the client key is wrong; write the content of the password file that was "
      "downloaded with it (clientKey_KAAP.<id>_Password.txt)");
}

// Collects keys and certificates, whatever safe they are in.
class BagWalk {
 public:
  explicit BagWalk(std::string_view password) : password_(password) {}

  void visit(PKCS7* safe) {
    BagsPtr bags;
    if (PKCS7_type_is_data(safe) != 0) {
      bags.reset(PKCS12_unpack_p7data(safe));
    } else if (PKCS7_type_is_encrypted(safe) != 0) {
      bags = decrypted(safe);
    }
    if (bags != nullptr) visit(bags.get(), 0);
  }

  OpenedPkcs12 result() {
    if (key_ == nullptr) {
      throw ClientKeyError(
          sawKeyBag_ ? "the private key in the client key's PKCS#12 cannot be decrypted by this "
                       "host's OpenSSL (FIPS mode?); give it as private_key in PEM, with key_id"
                     : "the PKCS#12 of the client key holds no private key; download the client "
                       "key anew");
    }
    auto const own = std::find_if(certificates_.begin(), certificates_.end(), [&](auto& each) {
      return X509_check_private_key(each.get(), key_.get()) == 1;
    });
    return {.key = std::move(key_),
            .certificate = own == certificates_.end() ? nullptr : std::move(*own)};
  }

 private:
  [[nodiscard]] BagsPtr decrypted(PKCS7* safe) const {
    auto const* const encrypted = safe->d.encrypted;
    if (encrypted == nullptr || encrypted->enc_data == nullptr) return nullptr;
    requireAffordable(*encrypted->enc_data->algorithm);
    BagsPtr bags(
        PKCS12_unpack_p7encdata(safe, password_.data(), static_cast<int>(password_.size())));
    return bags != nullptr ? std::move(bags) : unpackRc2(*safe, password_);
  }

  void decryptKey(PKCS12_SAFEBAG const* bag) {
    X509_ALGOR const* algorithm = nullptr;
    X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, nullptr);
    requireAffordable(*algorithm);
    keep(KeyInfoPtr(PKCS12_decrypt_skey(bag, password_.data(), static_cast<int>(password_.size())))
             .get());
  }

  void visit(STACK_OF(PKCS12_SAFEBAG) const* bags, int depth) {
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); ++i) {
      visit(sk_PKCS12_SAFEBAG_value(bags, i), depth);
    }
  }

  void visit(PKCS12_SAFEBAG const* bag, int depth) {
    switch (PKCS12_SAFEBAG_get_nid(bag)) {
      case NID_keyBag:
        keep(PKCS12_SAFEBAG_get0_p8inf(bag));
        break;
      case NID_pkcs8ShroudedKeyBag:
        decryptKey(bag);
        break;
      case NID_certBag:
        if (CertificatePtr certificate{PKCS12_SAFEBAG_get1_cert(bag)}) {
          certificates_.push_back(std::move(certificate));
        }
        break;
      case NID_safeContentsBag:
        if (depth < deepestNesting) visit(PKCS12_SAFEBAG_get0_safes(bag), depth + 1);
        break;
      default:
        break;
    }
  }

  void keep(PKCS8_PRIV_KEY_INFO const* info) {
    sawKeyBag_ = true;
    if (key_ == nullptr && info != nullptr) key_.reset(EVP_PKCS82PKEY(info));
  }

  std::string_view password_;
  bool sawKeyBag_ = false;
  KeyPtr key_{};
  std::vector<CertificatePtr> certificates_{};
};

}  // namespace

OpenedPkcs12 openPkcs12(std::string_view der, std::string_view password) {
  ForgetErrors const forget;
  auto const file = fileOf(der);
  checkPassword(*file, password);
  SafesPtr const safes(PKCS12_unpack_authsafes(file.get()));
  BagWalk walk(password);
  for (int i = 0; safes != nullptr && i < sk_PKCS7_num(safes.get()); ++i) {
    walk.visit(sk_PKCS7_value(safes.get(), i));
  }
  return walk.result();
}

}  // namespace kms_secretd::kms_instance_endpoint

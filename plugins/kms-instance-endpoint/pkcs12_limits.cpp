// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/pkcs12_limits.hpp"

#include <memory>

#include <openssl/asn1t.h>
#include <openssl/objects.h>

namespace kms_secretd::kms_instance_endpoint {
namespace {

struct Free {
  void operator()(PBEPARAM* item) const noexcept { PBEPARAM_free(item); }
  void operator()(PBE2PARAM* item) const noexcept { PBE2PARAM_free(item); }
  void operator()(PBKDF2PARAM* item) const noexcept { PBKDF2PARAM_free(item); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// The parameters of an algorithm, or null if they are no such thing.
template <class T>
Owned<T> parametersOf(X509_ALGOR const& algorithm, ASN1_ITEM const* type) {
  return Owned<T>(static_cast<T*>(ASN1_TYPE_unpack_sequence(type, algorithm.parameter)));
}

bool isAffordablePbes2(X509_ALGOR const& algorithm) {
  auto const outer = parametersOf<PBE2PARAM>(algorithm, ASN1_ITEM_rptr(PBE2PARAM));
  if (outer == nullptr || OBJ_obj2nid(outer->keyfunc->algorithm) != NID_id_pbkdf2) return true;
  auto const inner = parametersOf<PBKDF2PARAM>(*outer->keyfunc, ASN1_ITEM_rptr(PBKDF2PARAM));
  return inner == nullptr || isAffordable(inner->iter);
}

}  // namespace

bool isAffordable(ASN1_INTEGER const* count) {
  if (count == nullptr) return true;
  auto const value = ASN1_INTEGER_get(count);  // -1 for what fits no long
  return value >= 1 && value <= mostIterations;
}

bool isAffordable(X509_ALGOR const& algorithm) {
  if (OBJ_obj2nid(algorithm.algorithm) == NID_pbes2) return isAffordablePbes2(algorithm);
  auto const own = parametersOf<PBEPARAM>(algorithm, ASN1_ITEM_rptr(PBEPARAM));
  return own == nullptr || isAffordable(own->iter);
}

}  // namespace kms_secretd::kms_instance_endpoint

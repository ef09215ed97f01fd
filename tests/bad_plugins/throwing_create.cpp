// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

namespace {

/// An exception type that exists in this library only.
class Private final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void create(kms_secretd::sdk::Options const& /*options*/, kms_secretd::sdk::Host& /*host*/,
            kms_secretd::sdk::CreateOutcome& /*outcome*/) {
  throw Private("thrown through the boundary");
}

constexpr auto broken = [] {
  auto descriptor = kms_secretd::bad_plugins::rightDescriptor("throwing-create");
  descriptor.create = &create;
  return descriptor;
}();

}  // namespace

KMS_SECRETD_BAD_PLUGIN(broken);

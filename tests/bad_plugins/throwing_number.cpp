// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

namespace {

void create(kms_secretd::sdk::Options const& /*options*/, kms_secretd::sdk::Host& /*host*/,
            kms_secretd::sdk::CreateOutcome& /*outcome*/) {
  throw 42;  // NOLINT: what a careless plugin may do
}

constexpr auto broken = [] {
  auto descriptor = kms_secretd::bad_plugins::rightDescriptor("throwing-number");
  descriptor.create = &create;
  return descriptor;
}();

}  // namespace

KMS_SECRETD_BAD_PLUGIN(broken);

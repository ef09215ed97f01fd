// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

// Nobody defines it: with lazy binding the first call would end the process.
extern "C" void kms_secretd_nobody_defines_this();

namespace {

void create(kms_secretd::sdk::Options const& /*options*/, kms_secretd::sdk::Host& /*host*/,
            kms_secretd::sdk::CreateOutcome& /*outcome*/) {
  kms_secretd_nobody_defines_this();
}

constexpr auto broken = [] {
  auto descriptor = kms_secretd::bad_plugins::rightDescriptor("undefined-symbol");
  descriptor.create = &create;
  return descriptor;
}();

}  // namespace

KMS_SECRETD_BAD_PLUGIN(broken);

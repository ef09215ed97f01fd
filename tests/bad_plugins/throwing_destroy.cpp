// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

namespace {

void destroy(kms_secretd::sdk::Backend* backend) {
  kms_secretd::sdk::destroyBackend<kms_secretd::bad_plugins::NoBackend>(backend);
  throw std::runtime_error("thrown by destroy");
}

constexpr auto broken = [] {
  auto descriptor = kms_secretd::bad_plugins::rightDescriptor("throwing-destroy");
  descriptor.destroy = &destroy;
  return descriptor;
}();

}  // namespace

KMS_SECRETD_BAD_PLUGIN(broken);

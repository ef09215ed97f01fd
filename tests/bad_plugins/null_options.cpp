// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

namespace {

constexpr auto broken = [] {
  auto descriptor = kms_secretd::bad_plugins::rightDescriptor("null-options");
  descriptor.options = nullptr;
  descriptor.optionCount = 3;
  return descriptor;
}();

}  // namespace

KMS_SECRETD_BAD_PLUGIN(broken);

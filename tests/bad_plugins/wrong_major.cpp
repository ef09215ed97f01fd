// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

namespace {

constexpr auto broken = [] {
  auto descriptor = kms_secretd::bad_plugins::rightDescriptor("wrong-major");
  descriptor.major += 1;
  descriptor.size += 64;  // the version explains the size and is named first
  return descriptor;
}();

}  // namespace

KMS_SECRETD_BAD_PLUGIN(broken);

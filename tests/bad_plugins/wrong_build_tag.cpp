// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

namespace {

constexpr auto broken = [] {
  auto descriptor = kms_secretd::bad_plugins::rightDescriptor("wrong-build-tag");
  descriptor.buildTag = "gxx1002 libstdc++-cxx11abi0 nodebug c++201703L";
  return descriptor;
}();

}  // namespace

KMS_SECRETD_BAD_PLUGIN(broken);

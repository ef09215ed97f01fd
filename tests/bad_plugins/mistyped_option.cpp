// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

namespace {

using kms_secretd::sdk::OptionDeclaration;
using kms_secretd::sdk::OptionType;

constexpr OptionDeclaration options[] = {
    {"directory", static_cast<OptionType>(77), false, nullptr, "Of no type.", nullptr, nullptr, 0}};

constexpr auto broken = kms_secretd::bad_plugins::withOptions(
    kms_secretd::bad_plugins::rightDescriptor("mistyped-option"), options, std::size(options));

}  // namespace

KMS_SECRETD_BAD_PLUGIN(broken);

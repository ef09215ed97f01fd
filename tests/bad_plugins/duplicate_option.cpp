// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

namespace {

using kms_secretd::sdk::OptionDeclaration;
using kms_secretd::sdk::OptionType;

constexpr OptionDeclaration options[] = {
    {"directory", OptionType::string, true, nullptr, "Where.", nullptr, nullptr, 0},
    {"directory", OptionType::string, true, nullptr, "Where.", nullptr, nullptr, 0}};

constexpr auto broken = kms_secretd::bad_plugins::withOptions(
    kms_secretd::bad_plugins::rightDescriptor("duplicate-option"), options, std::size(options));

}  // namespace

KMS_SECRETD_BAD_PLUGIN(broken);

// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

namespace {

using kms_secretd::sdk::OptionDeclaration;
using kms_secretd::sdk::OptionType;

// A table that holds itself: its walk must end at the allowed depth.
extern OptionDeclaration const options[1];
constexpr OptionDeclaration options[1] = {
    {"again", OptionType::table, false, nullptr, "Itself.", nullptr, options, 1}};

constexpr auto broken = kms_secretd::bad_plugins::withOptions(
    kms_secretd::bad_plugins::rightDescriptor("endless-options"), options, std::size(options));

}  // namespace

KMS_SECRETD_BAD_PLUGIN(broken);

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iterator>

#include <kms-secretd/options.hpp>

#include "alicloud/auth_options.hpp"
#include "alicloud/gateway_options.hpp"

namespace kms_secretd::kms_endpoint {

/// What a `[store.*]` table with `backend = "kms-endpoint"` may hold.
inline constexpr sdk::OptionDeclaration options[] = {
    {"region", sdk::OptionType::string, false, nullptr,
     "Region of the secrets, such as cn-hangzhou; the default endpoint is made from it.", nullptr,
     nullptr, 0},
    {"endpoint", sdk::OptionType::string, false, nullptr,
     "Host name of the gateway; without it kms-vpc.<region>.aliyuncs.com. Outside of the region's "
     "VPCs use kms.<region>.aliyuncs.com.",
     nullptr, nullptr, 0},
    {"instance_id", sdk::OptionType::string, false, nullptr,
     "Id of a KMS instance, such as kst-hzz0000000000000, instead of endpoint: its dedicated "
     "gateway "
     "is asked, which needs ca_file.",
     nullptr, nullptr, 0},
    {"custom_endpoint", sdk::OptionType::boolean, false, "false",
     "Accept an endpoint that is none of the vendor's names, and a port (host:port).", nullptr,
     nullptr, 0},
    {"ca_file", sdk::OptionType::string, false, nullptr,
     "PEM file with the CAs to trust instead of the system's; required for an instance, whose "
     "CA certificate the console hands out. Read at start and reload.",
     nullptr, nullptr, 0},
    alicloud::proxyOption,
    alicloud::connectTimeoutOption,
    alicloud::requestTimeoutOption,
    {"auth", sdk::OptionType::table, true, nullptr, "How the store proves who it is.", nullptr,
     alicloud::authMembers.data(), static_cast<unsigned>(std::size(alicloud::authMembers))},
};

}  // namespace kms_secretd::kms_endpoint

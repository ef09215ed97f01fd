// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/options.hpp>

// Options that the stores of every Alibaba backend declare alike; see readGateway().

namespace kms_secretd::alicloud {

inline constexpr sdk::OptionDeclaration proxyOption{
    "proxy",
    sdk::OptionType::string,
    false,
    nullptr,
    "Proxy as http://host:port; without it none is used, whatever the environment says.",
    nullptr,
    nullptr,
    0};
inline constexpr sdk::OptionDeclaration connectTimeoutOption{
    "connect_timeout",
    sdk::OptionType::duration,
    false,
    "5s",
    "How long name lookup, TCP and TLS may take together.",
    nullptr,
    nullptr,
    0};
inline constexpr sdk::OptionDeclaration requestTimeoutOption{
    "request_timeout",
    sdk::OptionType::duration,
    false,
    "10s",
    "How long one request may take, connecting included.",
    nullptr,
    nullptr,
    0};

}  // namespace kms_secretd::alicloud

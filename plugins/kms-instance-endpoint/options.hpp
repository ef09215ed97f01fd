// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/options.hpp>

#include "alicloud/gateway_options.hpp"

namespace kms_secretd::kms_instance_endpoint {

/// What a `[store.*]` table with `backend = "kms-instance-endpoint"` may hold.
inline constexpr sdk::OptionDeclaration options[] = {
    {"instance_id", sdk::OptionType::string, false, nullptr,
     "Id of the KMS instance, such as kst-hzz0000000000000; its endpoint is made from it.", nullptr,
     nullptr, 0},
    {"endpoint", sdk::OptionType::string, false, nullptr,
     "Host name of the instance, <instance_id>.cryptoservice.kms.aliyuncs.com, instead of "
     "instance_id.",
     nullptr, nullptr, 0},
    {"custom_endpoint", sdk::OptionType::boolean, false, "false",
     "Accept an endpoint that is not the vendor's name of an instance, and a port (host:port).",
     nullptr, nullptr, 0},
    {"protocol", sdk::OptionType::string, false, "https",
     "How the instance is spoken to. Only https is taken.", nullptr, nullptr, 0},
    {"client_key", sdk::OptionType::secret, false, nullptr,
     "The client key of an application access point: the file clientKey_KAAP.<id>.json.", nullptr,
     nullptr, 0},
    {"client_key_password", sdk::OptionType::secret, false, nullptr,
     "Its password: the content of clientKey_KAAP.<id>_Password.txt.", nullptr, nullptr, 0},
    {"private_key", sdk::OptionType::secret, false, nullptr,
     "Instead of client_key: the unencrypted private key in PEM, with or without its certificate, "
     "for hosts in FIPS mode.",
     nullptr, nullptr, 0},
    {"key_id", sdk::OptionType::string, false, nullptr,
     "The KeyId of private_key, such as KAAP.f4c8...", nullptr, nullptr, 0},
    {"ca_file", sdk::OptionType::string, false, nullptr,
     "PEM file with the instance's CA certificate from the console; only these CAs are trusted. "
     "Read at start and reload.",
     nullptr, nullptr, 0},
    {"present_client_certificate", sdk::OptionType::boolean, false, "false",
     "Show the client key's certificate in the TLS handshake, if a gateway asks for it.", nullptr,
     nullptr, 0},
    alicloud::proxyOption,
    alicloud::connectTimeoutOption,
    alicloud::requestTimeoutOption,
};

}  // namespace kms_secretd::kms_instance_endpoint

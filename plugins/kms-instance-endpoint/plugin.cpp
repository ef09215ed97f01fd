// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include <kms-secretd/plugin.hpp>

#include "kms-instance-endpoint/kms_instance_endpoint.hpp"
#include "kms-instance-endpoint/options.hpp"

namespace {

// fetch() keeps no lock while it waits, so the limit is only the gateway's patience.
constexpr unsigned maxParallel = 64;

}  // namespace

KMS_SECRETD_PLUGIN(kms_secretd::kms_instance_endpoint::KmsInstanceEndpoint, "kms-instance-endpoint",
                   KMS_SECRETD_PLUGIN_VERSION, maxParallel,
                   kms_secretd::kms_instance_endpoint::options);

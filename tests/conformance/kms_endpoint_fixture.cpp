// SPDX-License-Identifier: Apache-2.0
#include "conformance/kms_fixture.hpp"

// The conformance suite over plugins/kms-endpoint: the plugin as it is shipped, the daemon's own
// transport, and the emulator, which verifies every signature.

namespace kms_secretd::conformance {

namespace {

class KmsEndpointFixture final : public KmsFixture {
 public:
  KmsEndpointFixture() : KmsFixture("LTAIconformance", false) {
    load(KMS_SECRETD_KMS_ENDPOINT_PLUGIN, kms().byAccessKey(caller()));
  }
};

}  // namespace

std::unique_ptr<Fixture> makeFixture() { return std::make_unique<KmsEndpointFixture>(); }

}  // namespace kms_secretd::conformance

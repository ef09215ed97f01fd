// SPDX-License-Identifier: Apache-2.0
#include "conformance/kms_fixture.hpp"

// The conformance suite over plugins/kms-instance-endpoint, against the emulator as an instance.

namespace kms_secretd::conformance {

namespace {

class InstanceFixture final : public KmsFixture {
 public:
  InstanceFixture() : KmsFixture("KAAP.conformance", true) {
    load(KMS_SECRETD_KMS_INSTANCE_ENDPOINT_PLUGIN, kms().byClientKey(caller()));
  }
};

}  // namespace

std::unique_ptr<Fixture> makeFixture() { return std::make_unique<InstanceFixture>(); }

}  // namespace kms_secretd::conformance

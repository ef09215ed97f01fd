// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

// Right, but of SDK 1.0: what was appended to the Backend since must not be called. A real one has
// no such functions; this one answers, so that a call shows.

namespace {

using namespace kms_secretd;

class Old final : public sdk::Backend {
 public:
  Old(sdk::Options const& /*options*/, sdk::Host& /*host*/) {}
  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& /*request*/) noexcept override {
    return sdk::FetchedSecret{};
  }
  sdk::Result<sdk::ProbeReport> probe(sdk::ProbeRequest const& /*request*/) noexcept override {
    return sdk::ProbeReport{.note = "called"};
  }
  bool lookAtCredentials() noexcept override { return true; }
};

constexpr auto old = [] {
  auto descriptor = bad_plugins::rightDescriptor("older-minor");
  descriptor.minor = 0;
  descriptor.create = &sdk::createBackend<Old>;
  descriptor.destroy = &sdk::destroyBackend<Old>;
  return descriptor;
}();

}  // namespace

KMS_SECRETD_BAD_PLUGIN(old);

// SPDX-License-Identifier: Apache-2.0
#include "bad_plugins/descriptor.hpp"

namespace {

/// Finds fault with its options, as a backend should: by an exception in its constructor.
class Picky final : public kms_secretd::sdk::Backend {
 public:
  Picky(kms_secretd::sdk::Options const& /*options*/, kms_secretd::sdk::Host& /*host*/) {
    throw kms_secretd::sdk::OptionError("auth.id", "the id must not be\nempty");
  }
  kms_secretd::sdk::Result<kms_secretd::sdk::FetchedSecret> fetch(
      kms_secretd::sdk::FetchRequest const& /*request*/) noexcept override {
    return kms_secretd::sdk::Failure{};
  }
};

constexpr auto picky = [] {
  auto descriptor = kms_secretd::bad_plugins::rightDescriptor("option-error");
  descriptor.create = &kms_secretd::sdk::createBackend<Picky>;
  descriptor.destroy = &kms_secretd::sdk::destroyBackend<Picky>;
  return descriptor;
}();

}  // namespace

KMS_SECRETD_BAD_PLUGIN(picky);

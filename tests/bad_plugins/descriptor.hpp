// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include <kms-secretd/plugin.hpp>

// What the broken plugins have in common: each is a right descriptor with one thing wrong.

namespace kms_secretd::bad_plugins {

inline constexpr sdk::OptionDeclaration plainOption{
    "directory", sdk::OptionType::string, false, nullptr, "Where it is.", nullptr, nullptr, 0};

/// A backend that is never made by those plugins whose descriptor is refused.
class NoBackend final : public sdk::Backend {
 public:
  NoBackend(sdk::Options const& /*options*/, sdk::Host& /*host*/) {}
  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& /*request*/) noexcept override {
    return sdk::Failure{.kind = sdk::FailureKind::internal, .message = "a test plugin answered"};
  }
};

/// A descriptor that the loader accepts.
constexpr sdk::PluginDescriptor rightDescriptor(char const* name) {
  return {{'K', 'M', 'S', 'P', 'L', 'U', 'G', '1'},
          sizeof(sdk::PluginDescriptor),
          sdk::sdkMajor,
          sdk::sdkMinor,
          sdk::buildTag,
          name,
          "1.0",
          1,
          1,
          &plainOption,
          &sdk::createBackend<NoBackend>,
          &sdk::destroyBackend<NoBackend>};
}

/// `right` with its options replaced.
constexpr sdk::PluginDescriptor withOptions(sdk::PluginDescriptor right,
                                            sdk::OptionDeclaration const* options,
                                            std::uint32_t count) {
  right.options = options;
  right.optionCount = count;
  return right;
}

}  // namespace kms_secretd::bad_plugins

/// Exports `descriptor`, a constant expression.
#define KMS_SECRETD_BAD_PLUGIN(descriptor)          \
  extern "C" __attribute__((visibility("default"))) \
  const ::kms_secretd::sdk::PluginDescriptor kms_secretd_plugin = descriptor

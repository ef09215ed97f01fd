// SPDX-License-Identifier: Apache-2.0
#include "conformance/loaded_backend.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "config/complete.hpp"

namespace kms_secretd::conformance {

namespace {

bool hasDefaultsOnly(sdk::OptionDeclaration const& option) {
  return option.type == sdk::OptionType::table &&
         std::ranges::none_of(std::span(option.members, option.memberCount),
                              &sdk::OptionDeclaration::required);
}

void fillIn(sdk::Options& options, sdk::OptionDeclaration const& option) {
  if (options.has(option.name)) return;
  if (option.required) {
    throw std::invalid_argument(std::string("the fixture gives no ") + option.name);
  }
  if (auto value = config::defaultOf(option)) {
    options.set(option.name, std::move(*value));
  } else if (hasDefaultsOnly(option)) {
    std::vector<sdk::Options> one{completed({option.members, option.memberCount}, {})};
    options.set(option.name, sdk::OptionValue{std::move(one)});
  }
}

}  // namespace

sdk::Options completed(std::span<sdk::OptionDeclaration const> declared,
                       GivenOptions const& given) {
  sdk::Options options;
  for (auto const& each : given) {
    auto const& name = each.first;
    auto const isIt = [&](auto const& option) { return name == option.name; };
    if (std::ranges::none_of(declared, isIt)) {
      throw std::invalid_argument("the backend declares no option " + name);
    }
    options.set(name, each.second);
  }
  for (auto const& option : declared) fillIn(options, option);
  return options;
}

LoadedBackend::LoadedBackend(std::string const& pluginFile, GivenOptions given, sdk::Host& host)
    : given_(std::move(given)), host_(host) {
  auto const file = std::filesystem::path(pluginFile);
  directory_.copyPlugin(file, file.filename());
  backends::PluginRegistry registry({directory_.path(), true});
  library_ = registry.load(file.stem());
  remake();
}

void LoadedBackend::remake() {
  instance_.reset();
  instance_ = std::make_unique<backends::BackendInstance>(
      library_, completed(library_->options(), given_), host_);
}

}  // namespace kms_secretd::conformance

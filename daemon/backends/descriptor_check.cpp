// SPDX-License-Identifier: Apache-2.0
#include "backends/descriptor_check.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <optional>

#include "backends/option_table_check.hpp"
#include "backends/printable.hpp"

namespace kms_secretd::backends {

namespace {

using sdk::PluginDescriptor;

constexpr std::size_t maxTextBytes = 256;
constexpr std::size_t fixedBytes = offsetof(PluginDescriptor, buildTag);  ///< equal in every SDK

std::string quoted(char const* text) {
  return text == nullptr ? "none" : "\"" + boundedText(text, maxTextBytes) + "\"";
}

std::string bytes(std::size_t count) { return std::to_string(count) + " bytes"; }

/// The leading fields, copied: the rest of the symbol may not be there.
struct Prefix {
  char magic[8];
  std::uint32_t size;
  std::uint16_t major;
  std::uint16_t minor;
};
static_assert(sizeof(Prefix) == fixedBytes);

Check checkVersion(Prefix const& prefix) {
  auto const found = std::to_string(prefix.major) + "." + std::to_string(prefix.minor);
  auto const expected = std::to_string(sdk::sdkMajor) + "." + std::to_string(sdk::sdkMinor);
  if (prefix.major != sdk::sdkMajor) {
    return Refusal{"SDK " + found, "SDK " + expected + " (build the plugin for this release)"};
  }
  if (prefix.minor > sdk::sdkMinor) {
    return Refusal{"SDK " + found,
                   "SDK " + expected + " or an older minor (the daemon is older than the plugin)"};
  }
  return std::nullopt;
}

Check checkPrefix(ExportedSymbol const& symbol) {
  if (symbol.size != 0 && symbol.size < fixedBytes) {
    return Refusal{"a symbol of " + bytes(symbol.size), "a descriptor"};
  }
  Prefix prefix{};
  std::memcpy(&prefix, symbol.address, sizeof prefix);
  if (std::memcmp(prefix.magic, sdk::pluginMagic, sizeof prefix.magic) != 0) {
    return Refusal{"magic \"" + printable({prefix.magic, sizeof prefix.magic}, maxTextBytes) + "\"",
                   "\"" + std::string(sdk::pluginMagic, sizeof sdk::pluginMagic) + "\""};
  }
  if (auto check = checkVersion(prefix)) return check;
  if (prefix.size != sizeof(PluginDescriptor)) {
    return Refusal{"a descriptor of " + bytes(prefix.size), bytes(sizeof(PluginDescriptor))};
  }
  if (symbol.size != 0 && symbol.size < sizeof(PluginDescriptor)) {
    return Refusal{"a symbol of " + bytes(symbol.size), bytes(sizeof(PluginDescriptor))};
  }
  return std::nullopt;
}

Check checkIdentity(PluginDescriptor const& plugin, std::string const& name) {
  if (plugin.buildTag == nullptr ||
      boundedText(plugin.buildTag, maxTextBytes) != std::string(sdk::buildTag)) {
    return Refusal{"build tag " + quoted(plugin.buildTag), quoted(sdk::buildTag)};
  }
  if (plugin.name == nullptr || boundedText(plugin.name, maxTextBytes) != name) {
    return Refusal{"the name " + quoted(plugin.name), "\"" + name + "\" as the file is named"};
  }
  if (plugin.version == nullptr || !isPrintable(plugin.version, maxTextBytes)) {
    return Refusal{"no printable version", "the plugin's own version"};
  }
  return std::nullopt;
}

Check checkCalls(PluginDescriptor const& plugin) {
  if (plugin.maxParallel < 1 || plugin.maxParallel > maxParallelCap) {
    return Refusal{std::to_string(plugin.maxParallel) + " parallel calls",
                   "1 to " + std::to_string(maxParallelCap)};
  }
  if (plugin.create == nullptr || plugin.destroy == nullptr) {
    return Refusal{"no create or no destroy", "both"};
  }
  return std::nullopt;
}

}  // namespace

Check checkDescriptor(ExportedSymbol const& symbol, std::string const& name) {
  if (auto check = checkPrefix(symbol)) return check;
  auto const& plugin = *static_cast<PluginDescriptor const*>(symbol.address);
  if (auto check = checkIdentity(plugin, name)) return check;
  if (auto check = checkCalls(plugin)) return check;
  return checkOptions({plugin.options, plugin.optionCount});
}

}  // namespace kms_secretd::backends

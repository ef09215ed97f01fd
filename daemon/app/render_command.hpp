// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <kms-secretd/clock.hpp>

#include "backends/plugin_registry.hpp"
#include "core/config.hpp"
#include "core/fetched.hpp"
#include "core/rendered.hpp"

namespace kms_secretd::app {

/// What --render is asked for.
struct RenderOrder {
  core::Config const& config;
  std::string definition{};  ///< "namespace/name"
  bool showValues = false;
};

/// Renders one definition without network and cluster and prints its keys with their lengths: what
/// a store of backend "file" holds is read, all other values come from standard input (the bytes of
/// the only one, or a JSON object by source). Values are printed only to a terminal. Returns the
/// exit code; what is wrong is said on standard error, without a value. Main thread.
[[nodiscard]] int runRender(RenderOrder const& order, backends::PluginRegistry& plugins,
                            sdk::Clock const& clock);

/// The values that `input` gives for `sources`: of several a JSON object of strings, by the text of
/// the source. Those of `extended` have a second one, "<source> extended_config". Or what is wrong
/// with it, never repeating it.
[[nodiscard]] std::variant<core::Fetched, std::string> valuesFrom(
    std::string_view input, std::vector<core::SourceRef> const& sources,
    std::set<core::SourceRef> const& extended = {});

/// What is printed of a rendered Secret: a line for each key, and its value below if `values`.
[[nodiscard]] std::string listing(core::Rendered const& rendered, bool values);

}  // namespace kms_secretd::app

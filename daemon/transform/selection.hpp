// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <kms-secretd/secret_bytes.hpp>

#include "core/definition.hpp"
#include "core/fetched.hpp"
#include "core/rendered.hpp"

namespace kms_secretd::transform {

/// One value that the definition selects, under the name that makes it a key or that templates and
/// builders use.
struct NamedValue {
  std::string name{};
  sdk::SecretBytes value{};
  bool templateOnly = false;
  std::string origin{};  ///< where it comes from, for messages: place and source
};

/// What the data and data_process entries of a definition select.
struct Selected {
  std::vector<NamedValue> values{};
  std::vector<std::string> notes{};  ///< optional paths that select nothing
};

/// Selects all values, or says which entry cannot be had and why. Pure.
[[nodiscard]] std::variant<Selected, core::RenderFailure> select(
    core::TargetDefinition const& definition, core::Fetched const& fetched);

}  // namespace kms_secretd::transform

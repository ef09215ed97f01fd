// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>

#include <vector>

#include "config/syntax.hpp"
#include "core/feed_policy.hpp"

namespace kms_secretd::config {

/// Reads all [[policy]] of one file; what is wrong with them is among the findings.
[[nodiscard]] std::vector<core::FeedPolicy> readPolicies(toml::node const& node,
                                                         FileContext const& file);

}  // namespace kms_secretd::config

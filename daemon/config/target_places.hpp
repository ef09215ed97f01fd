// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/file_draft.hpp"
#include "config/problem.hpp"
#include "config/section.hpp"

namespace kms_secretd::config {

/// Tells of all that is wrong with the places (namespaces, clusters) that one [[secret]] or
/// [defaults] names.
void checkPlaces(CheckedTable const& table, Findings& findings);

/// The namespaces of a [[secret]]: its own, or else those of [defaults].
[[nodiscard]] Places namespacesOf(CheckedTable const& secret, CheckedTable const& defaults);

/// Its clusters, likewise; none where none is named.
[[nodiscard]] Places clustersOf(CheckedTable const& secret, CheckedTable const& defaults);

}  // namespace kms_secretd::config

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/definition.hpp"
#include "core/rendered.hpp"

namespace kms_secretd::plan {

inline constexpr std::size_t maxKeyLength = 253;               ///< bytes of one key's name
inline constexpr std::size_t maxDataBytes = 1024 * 1024;       ///< sum of all values
inline constexpr std::size_t maxAnnotationBytes = 256 * 1024;  ///< sum of names and values

/// Why the API server would refuse `key` as a key of a Secret, or nothing. The server's rule:
/// [-._a-zA-Z0-9]+, at most 253, not "." or "..", not starting with ".." (seen on 1.20.2).
[[nodiscard]] std::optional<std::string> whyBadKey(std::string_view key);

/// Why all annotations together are too large, or nothing; `annotations` are ours and the user's.
[[nodiscard]] std::optional<std::string> whyTooManyAnnotations(
    std::map<std::string, std::string> const& annotations);

/// Why `rendered` cannot become a Secret, whatever the API server says: bad or double key names,
/// none at all unless `mayBeEmpty`, or more than 1 MiB. One sentence with what to do and no value;
/// nothing if it can.
[[nodiscard]] std::optional<std::string> whyUnacceptable(core::TargetDefinition const& definition,
                                                         core::Rendered const& rendered,
                                                         bool mayBeEmpty = false);

}  // namespace kms_secretd::plan

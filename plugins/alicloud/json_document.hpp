// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

namespace kms_secretd::alicloud {

/// How large a document may be before it is refused unread.
struct JsonLimits {
  std::size_t maxBytes = 1024 * 1024;
  std::size_t maxDepth = 16;  ///< the deepest documented reply has 4 levels
};

/// A parsed document, or why there is none.
struct JsonDocument {
  boost::json::value root{};
  std::string problem{};  ///< empty on success; never holds a byte of the text

  [[nodiscard]] bool ok() const noexcept { return problem.empty(); }
};

/// A storage whose blocks are wiped when they go; give it to parseJson() for secrets.
[[nodiscard]] boost::json::storage_ptr wipingStorage();

/// Parses strict JSON in UTF-8. A member that occurs twice in one object is refused: which of two
/// values is meant is a guess, and a wrong guess would be written into a Secret. Throws only
/// std::bad_alloc. Strings with escapes pass through a buffer on the stack, which the host scrubs.
[[nodiscard]] JsonDocument parseJson(std::string_view text, boost::json::storage_ptr storage,
                                     JsonLimits const& limits = {});

}  // namespace kms_secretd::alicloud

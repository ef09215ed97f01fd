// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace kms_secretd::transform {

/// What is wrong with an expression of the configuration, and where in it.
struct SyntaxFault {
  std::size_t offset = 0;  ///< in bytes, from 0
  std::string message{};
};

}  // namespace kms_secretd::transform

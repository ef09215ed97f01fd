// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace kms_secretd::app {

/// A configuration that cannot be put into force; every problem is one line with its place.
class WorldError : public std::runtime_error {
 public:
  explicit WorldError(std::vector<std::string> problems)
      : std::runtime_error("the configuration cannot be used"), problems_(std::move(problems)) {}
  /// At least one line.
  [[nodiscard]] std::vector<std::string> const& problems() const noexcept { return problems_; }

 private:
  std::vector<std::string> problems_;
};

}  // namespace kms_secretd::app

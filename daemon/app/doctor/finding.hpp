// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kms_secretd::app::doctor {

/// How a check ended. hint: nothing was found out, something is worth a look; it decides nothing.
enum class Level { good, hint, warning, bad };

/// The stable name of a level; never null.
[[nodiscard]] char const* nameOf(Level level) noexcept;

/// One line of the doctor.
struct Finding {
  Level level = Level::good;
  std::string check{};   ///< "clock", "tls": a stable word
  std::string what{};    ///< one sentence without its full stop
  std::string remedy{};  ///< what to do; empty where nothing is to be done
};

/// Collects findings.
class Findings {
 public:
  void good(std::string check, std::string what) {
    all_.push_back({.level = Level::good, .check = std::move(check), .what = std::move(what)});
  }
  void add(Finding finding) { all_.push_back(std::move(finding)); }
  [[nodiscard]] std::vector<Finding> const& all() const noexcept { return all_; }
  /// The findings in the order in which the checks build on each other.
  [[nodiscard]] std::vector<Finding> sorted() const;

 private:
  std::vector<Finding> all_{};
};

/// {"checks":[{"check","level","what","do"}]}, and a newline. Pure.
[[nodiscard]] std::string jsonText(std::vector<Finding> const& findings);

}  // namespace kms_secretd::app::doctor

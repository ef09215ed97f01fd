// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "config/problem.hpp"
#include "config/section.hpp"
#include "core/definition.hpp"

namespace kms_secretd::config {

/// Checks the values that [defaults] and [[secret]] have in common, each at its own place, so that
/// a bad default is told once.
void checkTargetFields(CheckedTable const& table, Findings& findings);

/// One [[secret]] with the [defaults] of its file behind it.
class TargetFields {
 public:
  TargetFields(CheckedTable const& secret, CheckedTable const& defaults)
      : secret_(secret), defaults_(defaults) {}

  /// The text of `name`, from the secret or from [defaults]; empty if neither has it.
  [[nodiscard]] std::string const& text(char const* name) const;
  [[nodiscard]] bool boolean(char const* name) const { return from(name).boolean(name); }
  [[nodiscard]] sdk::Milliseconds duration(char const* name) const {
    return from(name).duration(name);
  }
  /// The table `name`: that of [defaults], overwritten and extended by the secret's.
  [[nodiscard]] std::map<std::string, std::string> texts(std::string const& name) const;
  /// The read that a table with source, store and version names.
  [[nodiscard]] core::SourceRef sourceOf(sdk::Options const& entry) const;

 private:
  [[nodiscard]] sdk::Options const& from(char const* name) const {
    return secret_.options.has(name) ? secret_.options : defaults_.options;
  }

  CheckedTable const& secret_;
  CheckedTable const& defaults_;
};

}  // namespace kms_secretd::config

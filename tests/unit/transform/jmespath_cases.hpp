// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "transform/value.hpp"

namespace kms_secretd::transform_test {

/// One case of a file of JMESPath cases: [{given, cases: [{expression, result | error}]}], the
/// format of the public compliance suite. Ours may say the offset of the error, too.
struct JmespathCase {
  transform::Value given{};
  std::string expression{};
  transform::Value expected{};  ///< the result; a string with the error's kind if `fails`
  bool fails = false;
  long offset = -1;  ///< of the error; -1 = not said
};

/// Reads a file; throws std::runtime_error where it is none.
[[nodiscard]] std::vector<JmespathCase> casesOf(std::filesystem::path const& file);

/// Runs one case: empty, or what came out instead. `exact` also compares the text of numbers and
/// the order of members.
[[nodiscard]] std::string failureOf(JmespathCase const& test, bool exact);

/// All *.json of a directory, sorted.
[[nodiscard]] std::vector<std::filesystem::path> jsonFiles(std::filesystem::path const& directory);

}  // namespace kms_secretd::transform_test

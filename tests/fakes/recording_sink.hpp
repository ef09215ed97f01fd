// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/log.hpp"

namespace kms_secretd::fakes {

/// Keeps every line.
class RecordingSink final : public report::LogSink {
 public:
  void write(report::LogRecord const& record) noexcept override { records.push_back(record); }
  /// The value of a field of the last line, or empty.
  [[nodiscard]] std::string lastField(std::string const& name) const {
    for (auto const& field : records.back().fields) {
      if (field.name == name) return field.value;
    }
    return {};
  }
  std::vector<report::LogRecord> records{};
};

}  // namespace kms_secretd::fakes

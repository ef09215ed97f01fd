// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/events.hpp"

namespace kms_secretd::report {

/// One structured field of a line.
struct LogField {
  std::string_view name{};  ///< a literal, journal style: upper case, e.g. "KMS_NAME"
  std::string value{};      ///< never a secret
};

/// One line for the operator. Carries no secret: only names, kinds, codes, ids.
struct LogRecord {
  EventId event = EventId::started;
  Severity severity = Severity::info;
  std::string message{};
  std::vector<LogField> fields{};
};

/// Where lines go. Any thread.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void write(LogRecord const& record) noexcept = 0;
};

}  // namespace kms_secretd::report

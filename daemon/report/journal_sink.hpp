// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/log.hpp"

namespace kms_secretd::report {

/// Lines for systemd's journal, with all their fields.
class JournalSink final : public LogSink {
 public:
  void write(LogRecord const& record) noexcept override;
};

}  // namespace kms_secretd::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <kms-secretd/clock.hpp>

#include "report/log.hpp"

namespace kms_secretd::report {

/// Lines for eyes, on a descriptor: "2026-11-24 02:13:05 ERROR message [FETCH_FAILED]". Each line
/// is one write, so that lines of several threads do not mix.
class TerminalSink final : public LogSink {
 public:
  /// `clock` outlives the sink; `descriptor` is not closed. Lines above `most` are left out.
  TerminalSink(sdk::Clock const& clock, int descriptor, Severity most)
      : clock_(clock), descriptor_(descriptor), most_(most) {}
  void write(LogRecord const& record) noexcept override;

 private:
  sdk::Clock const& clock_;
  int descriptor_;
  Severity most_;
};

}  // namespace kms_secretd::report

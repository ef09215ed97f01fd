// SPDX-License-Identifier: Apache-2.0
#include "report/terminal_sink.hpp"

#include <unistd.h>

#include "report/clock_words.hpp"

namespace kms_secretd::report {
namespace {

char const* wordOf(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "ERROR  ";
    case Severity::warning:
      return "WARNING";
    case Severity::notice:
      return "NOTICE ";
    case Severity::info:
      return "INFO   ";
    case Severity::debug:
      return "DEBUG  ";
  }
  return "INFO   ";
}

}  // namespace

void TerminalSink::write(LogRecord const& record) noexcept {
  if (record.severity > most_) return;
  auto const line = clockTime(clock_.wall()) + " " + wordOf(record.severity) + " " +
                    record.message + " [" + rowOf(record.event).name + "]\n";
  [[maybe_unused]] auto const written = ::write(descriptor_, line.data(), line.size());
}

}  // namespace kms_secretd::report

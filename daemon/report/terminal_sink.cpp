// SPDX-License-Identifier: Apache-2.0
#include "report/terminal_sink.hpp"

#include <unistd.h>

#include <ctime>

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

std::string localTime(sdk::WallTime time) {
  auto const seconds = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(time));
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[32];
  auto const length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return {text, length};
}

}  // namespace

void TerminalSink::write(LogRecord const& record) noexcept {
  if (record.severity > most_) return;
  auto const line = localTime(clock_.wall()) + " " + wordOf(record.severity) + " " +
                    record.message + " [" + rowOf(record.event).name + "]\n";
  [[maybe_unused]] auto const written = ::write(descriptor_, line.data(), line.size());
}

}  // namespace kms_secretd::report

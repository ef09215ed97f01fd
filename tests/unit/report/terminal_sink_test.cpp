// SPDX-License-Identifier: Apache-2.0
#include "report/terminal_sink.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

#include "fakes/manual_clock.hpp"

#include <CppUTest/TestHarness.h>

namespace report = kms_secretd::report;

TEST_GROUP(TerminalSink) {
  std::array<int, 2> ends{};
  kms_secretd::fakes::ManualClock clock;
  void setup() override { CHECK_EQUAL(0, ::pipe2(ends.data(), O_NONBLOCK)); }
  void teardown() override {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  std::string written() {
    std::array<char, 512> buffer{};
    auto const size = ::read(ends[0], buffer.data(), buffer.size());
    return size <= 0 ? std::string{} : std::string(buffer.data(), static_cast<std::size_t>(size));
  }
};

TEST(TerminalSink, WritesTimeSeverityMessageAndEventInOneLine) {
  report::TerminalSink sink(clock, ends[1], report::Severity::info);
  sink.write({.event = report::EventId::fetch_failed,
              .severity = report::Severity::error,
              .message = "ns/a: no"});
  auto const line = written();
  CHECK_TRUE(line.find(" ERROR   ns/a: no [FETCH_FAILED]\n") != std::string::npos);
  CHECK_EQUAL(std::string("2026-"), line.substr(0, 5));
}

TEST(TerminalSink, LeavesOutWhatIsTooQuiet) {
  report::TerminalSink sink(clock, ends[1], report::Severity::info);
  sink.write({.event = report::EventId::secret_unchanged, .severity = report::Severity::debug});
  CHECK_EQUAL(std::string(), written());
}

// SPDX-License-Identifier: Apache-2.0
#include "events_pages.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "report/events.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::tests;

namespace {

constexpr char const* stale =
    "not as the events have it: run BUILD/tests/unit/report/events-doc "
    "systemd/kms-secretd.catalog docs/troubleshoot.md";

std::string bytesOf(char const* path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  CHECK_TEXT(in.good(), path);
  return text.str();
}

}  // namespace

TEST_GROUP(EventsPages){};

TEST(EventsPages, TheJournalsCatalogueIsInStepWithTheEvents) {
  CHECK_TEXT(bytesOf(KMS_SECRETD_CATALOGUE) == journalCatalogue(), stale);
}

TEST(EventsPages, TheTroubleshootingPageIsInStepWithTheEvents) {
  auto const page = bytesOf(KMS_SECRETD_TROUBLESHOOT);
  CHECK_TEXT(withEvents(page) == page, stale);
}

TEST(EventsPages, TheCatalogueHasAnEntryForEachMessageId) {
  auto const text = journalCatalogue();
  for (auto const& row : report::eventCatalogue()) {
    CHECK_TEXT(text.find(std::string("\n-- ") + row.messageId + "\nSubject: ") != std::string::npos,
               row.name);
  }
}

TEST(EventsPages, TheCataloguesLinesFitATerminal) {
  std::istringstream lines(journalCatalogue());
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("#")) longest = std::max(longest, line.size());
  }
  CHECK(longest <= 80);
}

TEST(EventsPages, APageWithoutMarksIsRefused) {
  CHECK_THROWS(std::runtime_error, (void)withEvents("nothing"));
}

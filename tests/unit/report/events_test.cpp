// SPDX-License-Identifier: Apache-2.0
#include "report/events.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <CppUTest/TestHarness.h>

namespace report = kms_secretd::report;

TEST_GROUP(Events){};

TEST(Events, HaveOneRowForEachIdInOrder) {
  auto const rows = report::eventCatalogue();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK_EQUAL(i, static_cast<std::size_t>(rows[i].id));
  }
  CHECK_EQUAL(static_cast<std::size_t>(report::EventId::failures_ended) + 1, rows.size());
}

TEST(Events, HaveNamesAndMessageIdsOfTheirOwn) {
  std::set<std::string> names;
  std::set<std::string> ids;
  for (auto const& row : report::eventCatalogue()) {
    names.insert(row.name);
    ids.insert(row.messageId);
    CHECK_EQUAL(32U, std::string(row.messageId).size());
    CHECK_TRUE(std::ranges::all_of(std::string(row.messageId), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }));
  }
  CHECK_EQUAL(report::eventCatalogue().size(), names.size());
  CHECK_EQUAL(report::eventCatalogue().size(), ids.size());
}

TEST(Events, AdviseTheReader) {
  for (auto const& row : report::eventCatalogue()) CHECK_TRUE(std::string(row.advice).size() > 20);
}

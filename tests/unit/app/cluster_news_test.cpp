// SPDX-License-Identifier: Apache-2.0
#include "app/cluster_news.hpp"

#include <map>
#include <string>

#include "fakes/manual_clock.hpp"
#include "fakes/recording_sink.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;

TEST_GROUP(ClusterNews) {
  fakes::ManualClock clock;
  fakes::RecordingSink sink;
  report::Reporter reporter{sink, clock};
  app::ClusterNews news{reporter};

  static std::map<std::string, std::string> problemsOf(int namespaces) {
    std::map<std::string, std::string> problems;
    for (int i = 0; i < namespaces; ++i) problems["n" + std::to_string(i)] = "no answer";
    return problems;
  }
};

TEST(ClusterNews, NameEachOfAFewNamespacesThatAreNotWatched) {
  news.sayUnwatched("default", problemsOf(5));
  CHECK_EQUAL(5U, sink.records.size());
  STRCMP_CONTAINS("namespace n4 are not watched", sink.records.back().message.c_str());
  STRCMP_CONTAINS(": no answer", sink.records.back().message.c_str());
  news.sayUnwatched("default", problemsOf(5));
  CHECK_EQUAL(5U, sink.records.size());
}

TEST(ClusterNews, SayInOneLineThatAThousandAreNotWatchedAndInOneThatTheyAreAgain) {
  news.sayUnwatched("default", problemsOf(1000));
  news.sayUnwatched("default", {});
  CHECK_EQUAL(2U, sink.records.size());
  STRCMP_CONTAINS("the Secrets of 1000 namespaces (n0, n1, n10, ",
                  sink.records.front().message.c_str());
  STRCMP_CONTAINS(" and 992 more) are not watched", sink.records.front().message.c_str());
  STRCMP_CONTAINS("are watched again", sink.records.back().message.c_str());
}

TEST(ClusterNews, NotFillTheJournalWithAWatchThatFlaps) {
  for (int i = 0; i < 100; ++i) {
    news.sayUnwatched("default", problemsOf(1));
    news.sayUnwatched("default", {});
  }
  CHECK_EQUAL(6U, sink.records.size());
}

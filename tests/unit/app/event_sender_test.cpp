// SPDX-License-Identifier: Apache-2.0
#include "app/event_sender.hpp"

#include <deque>
#include <future>
#include <string>
#include <vector>

#include "platform/wait.hpp"
#include "unit/kube/kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using core::KubeFailureKind;

// An API server that takes Events, or what the test says instead.
TEST_GROUP(EventSender) {
  kube::test::HandClock clock{};
  std::vector<core::ClusterEventWrite> writes{};
  std::deque<core::KubeResult<bool>> answers{};  // taken in turn; empty = written
  bool leading = true;
  int worded = 0;  // how many messages were made
  app::EventSender sender{{.clock = &clock,
                           .write =
                               [this](auto const& write, auto const& call) {
                                 CHECK_TRUE(call.deadline <= clock.boot() + 5s);
                                 return answer(write);
                               },
                           .leads = [this] { return leading; },
                           .waiting = 3}};

  core::KubeResult<bool> answer(core::ClusterEventWrite const& write) {
    writes.push_back(write);
    if (answers.empty()) return true;
    auto next = answers.front();
    answers.pop_front();
    return next;
  }
  static core::ClusterEvent event(std::string name = "db", std::string place = "payments") {
    return {.about = {.namespaceName = std::move(place), .name = std::move(name)},
            .reason = "FetchFailed"};
  }
  void offer(core::ClusterEvent const& event) {
    sender.offer(event, [this] {
      ++worded;
      return "m";
    });
  }
  void tell(core::ClusterEvent const& event) {
    offer(event);
    sender.work();
  }
  void willFail(KubeFailureKind kind, sdk::Milliseconds retryAfter = 0ms) {
    answers.emplace_back(core::KubeFailure{
        .kind = kind, .message = "no", .remedy = "allow it", .retryAfter = retryAfter});
  }
};

TEST(EventSender, WritesWhatItIsOfferedAndCountsRepeats) {
  tell(event());
  tell(event());
  CHECK_EQUAL(2U, writes.size());
  CHECK_TRUE(writes[0].isNew);
  CHECK_FALSE(writes[1].isNew);
  LONGS_EQUAL(2, writes[1].count);
  LONGS_EQUAL(2, sender.counts().written);
}

TEST(EventSender, DropsAndCountsWhatIsMoreThanMayWait) {
  for (int i = 0; i < 5; ++i) offer(event("s" + std::to_string(i)));
  LONGS_EQUAL(2, sender.counts().dropped);
  sender.work();
  CHECK_EQUAL(3U, writes.size());
}

TEST(EventSender, CountsWhatItKeepsToItselfBecauseTooMuchWasTold) {
  for (int i = 0; i < 30; ++i) tell(event());
  CHECK_EQUAL(25U, writes.size());
  LONGS_EQUAL(5, sender.counts().folded);
}

TEST(EventSender, MakesNoMessageForWhatItOnlyCountsOrDrops) {
  for (int i = 0; i < 30; ++i) tell(event());
  LONGS_EQUAL(25, worded);
  STRCMP_EQUAL("m", writes.back().event.message.c_str());
  willFail(KubeFailureKind::forbidden);
  tell(event("api"));
  tell(event("api"));
  LONGS_EQUAL(26, worded);
}

TEST(EventSender, LosesWhatWaitsWhereTheRightTurnsOutToBeMissing) {
  offer(event());
  offer(event("api"));
  willFail(KubeFailureKind::forbidden);
  sender.work();
  CHECK_EQUAL(1U, writes.size());
  LONGS_EQUAL(2, sender.counts().dropped);
  clock.advance(10min);
  tell(event("api"));
  CHECK_TRUE(writes.back().isNew);
  LONGS_EQUAL(2, writes.back().count);
}

TEST(EventSender, WritesNothingWhileAnotherDaemonLeads) {
  leading = false;
  tell(event());
  CHECK_TRUE(writes.empty());
  LONGS_EQUAL(1, sender.counts().dropped);
}

TEST(EventSender, SaysOnceThatTheRightIsMissingAndIsQuietForTenMinutesThere) {
  willFail(KubeFailureKind::forbidden);
  tell(event());
  auto const news = sender.takeNews();
  CHECK_EQUAL(1U, news.size());
  CHECK_TRUE(news[0].id == report::EventId::events_refused);
  STRCMP_EQUAL(
      "Kubernetes Events about the Secrets of namespace payments are not written: no: allow it, or "
      "set [kubernetes] events = false",
      news[0].text.c_str());
  tell(event());
  tell(event("db", "web"));
  CHECK_EQUAL(2U, writes.size());  // the second is of the other namespace
  clock.advance(10min);
  willFail(KubeFailureKind::forbidden);
  tell(event());
  CHECK_EQUAL(3U, writes.size());
  CHECK_TRUE(sender.takeNews().empty());
}

TEST(EventSender, SaysItAgainWhenTheRightWasThereInBetween) {
  willFail(KubeFailureKind::forbidden);
  tell(event());
  CHECK_EQUAL(1U, sender.takeNews().size());
  clock.advance(10min);
  tell(event());
  willFail(KubeFailureKind::forbidden);
  tell(event());
  CHECK_EQUAL(1U, sender.takeNews().size());
}

TEST(EventSender, LeavesAServerAloneThatDoesNotAnswerOrAsksForAPause) {
  willFail(KubeFailureKind::unavailable);
  tell(event());
  clock.advance(9s);
  tell(event());
  CHECK_EQUAL(1U, writes.size());
  clock.advance(1s);
  willFail(KubeFailureKind::throttled, 60s);
  tell(event());
  clock.advance(59s);
  tell(event());
  CHECK_EQUAL(2U, writes.size());
  clock.advance(1s);
  tell(event());
  CHECK_EQUAL(3U, writes.size());
  CHECK_TRUE(sender.takeNews().empty());
}

TEST(EventSender, TellsAllOfItAnewWhereTheServerForgotTheEvent) {
  tell(event());
  answers.emplace_back(false);
  tell(event());
  CHECK_EQUAL(3U, writes.size());
  CHECK_TRUE(writes[2].isNew);
  LONGS_EQUAL(2, writes[2].count);
  CHECK_TRUE(writes[2].name != writes[0].name);
}

TEST(EventSender, WritesFromItsOwnThreadAndSaysWhenAllIsTold) {
  sender.start();
  offer(event());
  sender.drain(30s);
  sender.stop();
  CHECK_EQUAL(1U, writes.size());
}

TEST(EventSender, EndsThoughAWriteHangsAndLosesWhatWaits) {
  std::promise<void> hangs;
  int begun = 0;
  app::EventSender stuck(
      {.clock = &clock,
       .write = [&](auto const&, apply::KubeCall const& call) -> core::KubeResult<bool> {
         if (++begun == 1) hangs.set_value();
         static_cast<void>(platform::waitFor(
             -1, 0,
             {.clock = clock, .deadline = call.deadline, .cancellation = call.cancellation}));
         return core::KubeFailure{.kind = KubeFailureKind::cancelled};
       },
       .leads = [] { return true; }});
  stuck.start();
  auto const words = [] { return "m"; };
  stuck.offer(event(), words);
  stuck.offer(event("api"), words);
  hangs.get_future().wait();
  stuck.stop();
  LONGS_EQUAL(1, begun);
}

// SPDX-License-Identifier: Apache-2.0
#include "fetch/shared_reads.hpp"

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "fakes/manual_clock.hpp"

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;
namespace fetch = kms_secretd::fetch;
namespace sdk = kms_secretd::sdk;
using namespace std::chrono_literals;

TEST_GROUP(SharedReads) {
  kms_secretd::fakes::ManualClock clock;
  fetch::SharedReads reads{clock};
  core::SourceRef one{.store = "s", .name = "one"};
  std::atomic<int> calls{0};

  fetch::ReadResult answer(char const* text) {
    ++calls;
    sdk::FetchedSecret secret;
    secret.value = sdk::SecretBytes(text);
    return std::make_shared<sdk::FetchedSecret const>(std::move(secret));
  }
  fetch::ReadResult fail(sdk::FailureKind kind) {
    ++calls;
    return sdk::Failure{.kind = kind, .message = "no"};
  }
};

TEST(SharedReads, MakesOneCallForThoseWhoComeWithinSeconds) {
  (void)reads.get(one, [&] { return answer("v"); });
  auto const again = reads.get(one, [&] { return answer("w"); });
  CHECK_TRUE(again.value()->value.reveal() == "v");
  CHECK_EQUAL(1, calls.load());
}

TEST(SharedReads, ReadsAgainAfterAFewSeconds) {
  (void)reads.get(one, [&] { return answer("v"); });
  clock.advance(5s);
  CHECK_TRUE(reads.get(one, [&] { return answer("w"); }).value()->value.reveal() == "w");
}

TEST(SharedReads, KeepsTheValueNoLongerThanThat) {
  std::weak_ptr<sdk::FetchedSecret const> value =
      reads.get(one, [&] { return answer("v"); }).value();
  CHECK_TRUE(reads.nextPurge().has_value());
  reads.purge();
  CHECK_FALSE(value.expired());
  clock.advance(5s);
  reads.purge();
  CHECK_TRUE(value.expired());
  CHECK_FALSE(reads.nextPurge().has_value());
}

TEST(SharedReads, LetsLateComersWaitForTheReadUnderWay) {
  std::promise<void> started;
  std::promise<void> release;
  std::thread first([&] {
    (void)reads.get(one, [&] {
      started.set_value();
      release.get_future().wait();
      return answer("v");
    });
  });
  started.get_future().wait();
  std::vector<std::thread> others;
  std::atomic<int> served{0};
  for (int i = 0; i < 4; ++i) {
    others.emplace_back([&] {
      if (reads.get(one, [&] { return answer("w"); }).value()->value.reveal() == "v") ++served;
    });
  }
  release.set_value();
  first.join();
  for (auto& each : others) each.join();
  CHECK_EQUAL(4, served.load());
  CHECK_EQUAL(1, calls.load());
}

TEST(SharedReads, SharesTheAnswerThatThereIsNoSuchSecret) {
  (void)reads.get(one, [&] { return fail(sdk::FailureKind::not_found); });
  CHECK_FALSE(reads.get(one, [&] { return answer("v"); }).ok());
  CHECK_EQUAL(1, calls.load());
}

TEST(SharedReads, DoesNotShareABrokenConnection) {
  (void)reads.get(one, [&] { return fail(sdk::FailureKind::unavailable); });
  CHECK_TRUE(reads.get(one, [&] { return answer("v"); }).ok());
}

TEST(SharedReads, KeepsStagesApart) {
  auto previous = one;
  previous.versionStage = "ACSPrevious";
  (void)reads.get(one, [&] { return answer("v"); });
  CHECK_TRUE(reads.get(previous, [&] { return answer("old"); }).value()->value.reveal() == "old");
}

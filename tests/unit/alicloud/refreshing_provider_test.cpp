// SPDX-License-Identifier: Apache-2.0
#include "alicloud/refreshing_provider.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "alicloud/refresh_rule.hpp"
#include "fakes/fake_host.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;
using namespace std::chrono_literals;

namespace {

class ScriptedSource final : public CredentialSource {
 public:
  using Script = std::function<sdk::Result<CredentialPtr>(CredentialRequest const&)>;
  explicit ScriptedSource(Script script) : script_(std::move(script)) {}
  sdk::Result<CredentialPtr> issue(CredentialRequest const& request) override {
    return script_(request);
  }

 private:
  Script script_;
};

CredentialPtr tripleOf(int number, std::optional<sdk::BootTime> goodUntil) {
  auto const text = std::to_string(number);
  return std::make_shared<Credential const>("id" + text, sdk::SecretBytes("secret" + text),
                                            sdk::SecretBytes("token" + text),
                                            CredentialLife{.goodUntil = goodUntil});
}

bool isWhole(Credential const& credential) {
  auto const number = credential.accessKeyId().substr(2);
  return credential.accessKeySecret().reveal() == "secret" + number &&
         credential.securityToken().reveal() == "token" + number;
}

}  // namespace

TEST_GROUP(RefreshRule) {
  static constexpr sdk::BootTime start{100s};
  static long long ahead(sdk::Milliseconds life, double jitter) {
    return (start + life - refreshTime(start, start + life, jitter)) / 1s;
  }
};

TEST(RefreshRule, RenewsAFifthOfTheLifeAheadAndAtMostTenMinutes) {
  LONGS_EQUAL(180, ahead(15min, 0));
  LONGS_EQUAL(600, ahead(1h, 0));
  LONGS_EQUAL(600, ahead(6h, 0));
}

TEST(RefreshRule, MovesUpToHalfAWindowEarlierByJitter) {
  LONGS_EQUAL(900, ahead(1h, 1));
  LONGS_EQUAL(750, ahead(1h, 0.5));
  LONGS_EQUAL(900, ahead(1h, 7));
}

TEST(RefreshRule, PausesBetweenRenewalsThatBringNothing) {
  LONGS_EQUAL(60, pauseBetweenRenewals(6h) / 1s);
  LONGS_EQUAL(18, pauseBetweenRenewals(15min) / 1s);
  LONGS_EQUAL(1, pauseBetweenRenewals(4s) / 1s);
}

TEST_GROUP(RefreshingCredential) {
  fakes::FakeHost host;
  std::atomic<int> issued{0};
  sdk::Milliseconds life{1h};
  std::optional<sdk::Failure> broken;
  std::vector<std::string> notices;

  sdk::BootTime now() { return host.clock().boot(); }
  sdk::Result<CredentialPtr> issue() {
    ++issued;
    if (broken) return *broken;
    return tripleOf(issued, now() + life);
  }
  RefreshingProvider provider(ScriptedSource::Script script = {}) {
    if (!script) script = [this](CredentialRequest const&) { return issue(); };
    return RefreshingProvider(
        std::make_unique<ScriptedSource>(std::move(script)), host.clock(),
        [this](std::string const& text) { notices.push_back(text); }, [] { return 0.0; });
  }
  CredentialRequest request(CredentialPtr refused = {}) {
    return {.deadline = now() + 30s, .refused = std::move(refused)};
  }
  std::string idFrom(RefreshingProvider & from) {
    auto const got = from.get(request());
    return got ? got.value()->accessKeyId() : got.failure().message;
  }
};

TEST(RefreshingCredential, IsAskedForOnceWhileItIsFresh) {
  auto one = provider();
  STRCMP_EQUAL("id1", idFrom(one).c_str());
  host.time().advance(49min);
  STRCMP_EQUAL("id1", idFrom(one).c_str());
  LONGS_EQUAL(1, issued);
}

TEST(RefreshingCredential, IsRenewedAheadOfItsEnd) {
  auto one = provider();
  idFrom(one);
  host.time().advance(50min);
  STRCMP_EQUAL("id2", idFrom(one).c_str());
}

TEST(RefreshingCredential, IsKeptUntilItReallyEndsWhenItCannotBeRenewed) {
  auto one = provider();
  idFrom(one);
  broken = sdk::Failure{.kind = sdk::FailureKind::unavailable, .message = "STS is down"};
  host.time().advance(50min);
  STRCMP_EQUAL("id1", idFrom(one).c_str());
  host.time().advance(10min - 1ms);
  STRCMP_EQUAL("id1", idFrom(one).c_str());
  host.time().advance(1ms);
  STRCMP_EQUAL("STS is down", idFrom(one).c_str());
  LONGS_EQUAL(1, notices.size());
  CHECK(notices[0].find("good for 600 s more: STS is down") != std::string::npos);
}

TEST(RefreshingCredential, AsksAFailingIssuerNoOftenerThanTheRuleSays) {
  auto one = provider();
  idFrom(one);
  broken = sdk::Failure{.kind = sdk::FailureKind::unavailable, .message = "down"};
  host.time().advance(50min);
  for (int i = 0; i < 10; ++i) idFrom(one);
  LONGS_EQUAL(2, issued);
  host.time().advance(1min);
  for (int i = 0; i < 10; ++i) idFrom(one);
  LONGS_EQUAL(3, issued);
  host.time().advance(1h);
  for (int i = 0; i < 10; ++i) STRCMP_EQUAL("down", idFrom(one).c_str());
  LONGS_EQUAL(4, issued);
  host.time().advance(pauseAfterFailure);
  broken.reset();
  STRCMP_EQUAL("id5", idFrom(one).c_str());
}

TEST(RefreshingCredential, IsReplacedOnceWhenItIsRefusedAndNeverInALoop) {
  auto one = provider();
  auto const first = one.get(request()).value();
  auto const second = one.get(request(first)).value();
  STRCMP_EQUAL("id2", second->accessKeyId().c_str());
  CHECK(one.get(request(second)).value() == second);
  CHECK(one.get(request(first)).value() == second);
  LONGS_EQUAL(2, issued);
  host.time().advance(pauseAfterForced);
  STRCMP_EQUAL("id3", one.get(request(second)).value()->accessKeyId().c_str());
}

TEST(RefreshingCredential, FailsForWhoseCredentialWasRefusedAndCannotBeReplaced) {
  auto one = provider();
  auto const first = one.get(request()).value();
  broken = sdk::Failure{.kind = sdk::FailureKind::unauthenticated, .message = "role is gone"};
  auto const second = one.get(request(first));
  CHECK_FALSE(second.ok());
  STRCMP_EQUAL("role is gone", second.failure().message.c_str());
  STRCMP_EQUAL("id1", idFrom(one).c_str());
}

TEST(RefreshingCredential, StaysTheSameObjectWhenTheIssuerHandsOutTheSameSet) {
  auto one = provider([this](CredentialRequest const&) -> sdk::Result<CredentialPtr> {
    ++issued;
    return tripleOf(7, sdk::BootTime(sdk::Milliseconds(1'000'000)) + 1h);
  });
  auto const first = one.get(request()).value();
  host.time().advance(55min);
  CHECK(one.get(request()).value() == first);
  CHECK(one.get(request()).value() == first);
  LONGS_EQUAL(2, issued);
  CHECK(one.get(request(first)).value() == first);
}

TEST(RefreshingCredential, LeavesTheCallerHalfOfItsTimeWhenItIsOnlyRenewed) {
  sdk::BootTime limit{};
  auto one = provider([&](CredentialRequest const& asked) {
    limit = asked.deadline;
    return issue();
  });
  idFrom(one);
  CHECK(limit == now() + 30s);
  host.time().advance(50min);
  idFrom(one);
  CHECK(limit == now() + 15s);
}

TEST(RefreshingCredential, TurnsAnExceptionOfTheSourceIntoAFailure) {
  auto one = provider([](CredentialRequest const&) -> sdk::Result<CredentialPtr> {
    throw std::runtime_error("no memory");
  });
  STRCMP_EQUAL("no memory", idFrom(one).c_str());
}

TEST_GROUP(SharedCredential) {
  fakes::FakeHost host;
  std::atomic<int> issued{0};
  std::atomic<int> inside{0};
  std::atomic<int> mostInside{0};
  std::atomic<bool> mayGo{false};

  sdk::Result<CredentialPtr> slowly() {
    auto const many = ++inside;
    if (many > mostInside) mostInside = many;
    while (!mayGo) std::this_thread::yield();
    --inside;
    return tripleOf(++issued, host.clock().boot() + 1h);
  }
  std::unique_ptr<RefreshingProvider> provider(ScriptedSource::Script script) {
    return std::make_unique<RefreshingProvider>(std::make_unique<ScriptedSource>(std::move(script)),
                                                host.clock(), Notice{}, [] { return 0.0; });
  }
};

TEST(SharedCredential, IsAskedForByOneThreadWhileTheOthersWait) {
  auto one = provider([this](CredentialRequest const&) { return slowly(); });
  std::atomic<int> good{0};
  std::vector<std::thread> readers;
  readers.reserve(8);
  for (int i = 0; i < 8; ++i) {
    readers.emplace_back([&] {
      auto const got = one->get({.deadline = host.clock().boot() + 1h});
      if (got && got.value()->accessKeyId() == "id1") ++good;
    });
  }
  while (inside == 0) std::this_thread::yield();
  mayGo = true;
  for (auto& reader : readers) reader.join();
  LONGS_EQUAL(8, good);
  LONGS_EQUAL(1, issued);
  LONGS_EQUAL(1, mostInside);
}

TEST(SharedCredential, AWaiterEndsAtItsOwnDeadline) {
  auto one = provider([this](CredentialRequest const&) { return slowly(); });
  std::thread asker([&] { static_cast<void>(one->get({.deadline = host.clock().boot() + 1h})); });
  while (inside == 0) std::this_thread::yield();
  auto const late = one->get({.deadline = host.clock().boot()});
  mayGo = true;
  asker.join();
  CHECK(late.failure().kind == sdk::FailureKind::timed_out);
}

TEST(SharedCredential, OthersGoOnWithTheOldOneWhileItIsRenewed) {
  mayGo = true;
  auto one = provider([this](CredentialRequest const&) { return slowly(); });
  static_cast<void>(one->get({.deadline = host.clock().boot() + 1h}));
  mayGo = false;
  host.time().advance(51min);
  std::thread asker([&] { static_cast<void>(one->get({.deadline = host.clock().boot() + 1h})); });
  while (inside == 0) std::this_thread::yield();
  STRCMP_EQUAL("id1",
               one->get({.deadline = host.clock().boot() + 1h}).value()->accessKeyId().c_str());
  mayGo = true;
  asker.join();
}

TEST(SharedCredential, IsNeverTornWhileManyThreadsReadAndRefuseIt) {
  auto one = provider([this](CredentialRequest const&) -> sdk::Result<CredentialPtr> {
    return tripleOf(++issued, host.clock().boot() + 10s);
  });
  std::atomic<int> torn{0};
  std::atomic<bool> over{false};
  // Hours may pass while a thread waits for a processor: its deadline must not be what ends it.
  auto const never = host.clock().boot() + 1'000'000h;
  std::vector<std::thread> readers;
  readers.reserve(8);
  for (int i = 0; i < 6; ++i) {
    readers.emplace_back([&] {
      CredentialPtr refused;
      while (!over) {
        auto const got = one->get({.deadline = never, .refused = refused});
        if (!got || !isWhole(*got.value())) ++torn;
        refused = got && torn == 0 ? got.value() : nullptr;
      }
    });
  }
  while (issued < 300) host.time().advance(1s);
  over = true;
  for (auto& reader : readers) reader.join();
  LONGS_EQUAL(0, torn);
}

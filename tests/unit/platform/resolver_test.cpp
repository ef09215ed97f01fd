// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "adjustable_clock.hpp"
#include "platform/resolver.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::platform;
using namespace std::chrono_literals;

TEST_GROUP(Resolver) {
  AdjustableClock clock;
  StopSignal stop;
  std::atomic<int> lookups{0};
  std::atomic<bool> failing{false};

  Resolver::Lookup counting() {
    return [this](std::string const&) -> sdk::Result<Addresses> {
      ++lookups;
      if (failing) return sdk::Failure{.kind = sdk::FailureKind::unavailable, .message = "no"};
      return Addresses{"192.0.2.1", "2001:db8::1"};
    };
  }
  WaitScope within(sdk::Milliseconds patience) const {
    return {.clock = clock, .deadline = clock.boot() + patience, .stop = &stop};
  }
};

TEST(Resolver, AnswersAllAddressesInOrder) {
  Resolver resolver(clock, stop, counting());
  auto const answer = resolver.resolve("kms.test", within(10s));
  CHECK(answer.ok());
  CHECK((answer.value() == Addresses{"192.0.2.1", "2001:db8::1"}));
}

TEST(Resolver, LiteralsAndLocalhostAreNeverLookedUp) {
  Resolver resolver(clock, stop, counting());
  for (char const* name : {"127.0.0.1", "::1", "2001:db8::7"}) {
    CHECK((resolver.resolve(name, within(0ms)).value() == Addresses{name}));
  }
  CHECK((resolver.resolve("localhost", within(0ms)).value() == Addresses{"127.0.0.1", "::1"}));
  CHECK_EQUAL(0, lookups.load());
}

TEST(Resolver, AnswersFromTheCacheWithinItsTtl) {
  Resolver resolver(clock, stop, counting());
  CHECK(resolver.resolve("kms.test", within(10s)).ok());
  clock.advance(25s);
  CHECK(resolver.resolve("kms.test", within(10s)).ok());
  CHECK_EQUAL(1, lookups.load());
  clock.advance(10s);
  CHECK(resolver.resolve("kms.test", within(10s)).ok());
  CHECK_EQUAL(2, lookups.load());
}

TEST(Resolver, AFailureIsRememberedForTwoSecondsOnly) {
  failing = true;
  Resolver resolver(clock, stop, counting());
  CHECK(!resolver.resolve("kms.test", within(10s)).ok());
  CHECK(!resolver.resolve("kms.test", within(10s)).ok());
  CHECK_EQUAL(1, lookups.load());
  failing = false;
  clock.advance(3s);
  CHECK(resolver.resolve("kms.test", within(10s)).ok());
}

TEST(Resolver, CallersOfOneNameShareOneLookup) {
  std::promise<void> release;
  std::shared_future<void> const released = release.get_future().share();
  Resolver resolver(clock, stop, [&, released](std::string const&) -> sdk::Result<Addresses> {
    ++lookups;
    released.wait();
    return Addresses{"192.0.2.1"};
  });
  std::atomic<int> good{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 6; ++i) {
    callers.emplace_back([&] { good += resolver.resolve("kms.test", within(60s)).ok() ? 1 : 0; });
  }
  while (lookups == 0) std::this_thread::yield();
  release.set_value();
  for (auto& each : callers) each.join();
  CHECK_EQUAL(6, good.load());
  CHECK_EQUAL(1, lookups.load());
}

TEST(Resolver, AHungNameDoesNotDelayAnother) {
  std::promise<void> release;
  std::shared_future<void> const released = release.get_future().share();
  {
    Resolver resolver(clock, stop, [released](std::string const& name) -> sdk::Result<Addresses> {
      if (name.starts_with("hung")) released.wait();
      return Addresses{"192.0.2.1"};
    });
    for (char const* name : {"hung1.test", "hung2.test", "hung3.test"}) {
      auto const late = resolver.resolve(name, within(20ms));
      CHECK(!late.ok());
      CHECK(late.failure().kind == sdk::FailureKind::timed_out);
    }
    CHECK(resolver.resolve("good.test", within(60s)).ok());
    release.set_value();
  }
}

TEST(Resolver, AHungLookupAnswersItsNextCallersWhenItEnds) {
  std::promise<void> release;
  std::shared_future<void> const released = release.get_future().share();
  Resolver resolver(clock, stop, [&, released](std::string const&) -> sdk::Result<Addresses> {
    ++lookups;
    released.wait();
    return Addresses{"192.0.2.1"};
  });
  CHECK(!resolver.resolve("slow.test", within(20ms)).ok());
  release.set_value();
  CHECK(resolver.resolve("slow.test", within(60s)).ok());
  CHECK_EQUAL(1, lookups.load());
}

TEST(Resolver, TheStopEndsAWait) {
  std::promise<void> release;
  std::shared_future<void> const released = release.get_future().share();
  Resolver resolver(clock, stop, [released](std::string const&) -> sdk::Result<Addresses> {
    released.wait();
    return Addresses{"192.0.2.1"};
  });
  std::thread stopper([&] { stop.request(); });
  auto const answer = resolver.resolve("hung.test", within(60s));
  stopper.join();
  release.set_value();
  CHECK(!answer.ok());
  STRCMP_EQUAL(cancelledCode, answer.failure().code.c_str());
}

TEST(Resolver, ItsEndIsNotHeldUpByAHungLookup) {
  // What a hung getaddrinfo touches afterwards is its own: the sanitizers watch.
  auto release = std::make_shared<std::promise<void>>();
  std::shared_future<void> const released = release->get_future().share();
  auto ended = std::make_shared<std::promise<void>>();
  {
    Resolver resolver(clock, stop, [released, ended](std::string const&) -> sdk::Result<Addresses> {
      released.wait();
      ended->set_value();
      return Addresses{"192.0.2.1"};
    });
    CHECK(!resolver.resolve("hung.test", within(20ms)).ok());
  }  // would never end if it joined
  release->set_value();
  ended->get_future().wait();
}

TEST(Resolver, TheSystemsLookupSaysWhatDoesNotResolve) {
  Resolver resolver(clock, stop);
  auto const answer = resolver.resolve("no.such.name.invalid", within(60s));
  CHECK(!answer.ok());
  CHECK(answer.failure().message.find("no.such.name.invalid") != std::string::npos);
}

TEST(Resolver, TellsAddressesFromNames) {
  for (char const* address : {"1.2.3.4", "::", "::1", "fe80::1", "::ffff:1.2.3.4"}) {
    CHECK_TEXT(isAddressLiteral(address), address);
  }
  for (char const* name : {"", "kms.test", "1.2.3", "1.2.3.4.5", "[::1]", "1.2.3.4:5", "256.1.1.1",
                           "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"}) {
    CHECK_TEXT(!isAddressLiteral(name), name);
  }
}

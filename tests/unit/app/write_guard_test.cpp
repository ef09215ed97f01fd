// SPDX-License-Identifier: Apache-2.0
#include "app/write_guard.hpp"

#include <functional>
#include <string>
#include <vector>

#include "unit/kube/kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using core::KubeFailureKind;

namespace {

// Remembers which calls came through, and by when they must end.
class Recorder final : public apply::KubeApi {
 public:
  core::KubeResult<core::Observed> observe(core::TargetId const&,
                                           apply::KubeCall const& call) override {
    return came("observe", call, core::Observed{});
  }
  core::KubeResult<apply::ApplyReply> apply(apply::ApplyRequest const&,
                                            apply::KubeCall const& call) override {
    return came("apply", call, apply::ApplyReply{});
  }
  core::KubeResult<core::Observed> releaseKeys(apply::KeyChange const&,
                                               apply::KubeCall const& call) override {
    return came("releaseKeys", call, core::Observed{});
  }
  core::KubeResult<core::Observed> removeKeys(apply::KeyChange const&,
                                              apply::KubeCall const& call) override {
    return came("removeKeys", call, core::Observed{});
  }
  core::KubeResult<bool> remove(apply::KeyChange const&, apply::KubeCall const& call) override {
    return came("remove", call, true);
  }

  std::string log{};
  sdk::BootTime deadline{};

 private:
  template <class T>
  core::KubeResult<T> came(char const* what, apply::KubeCall const& call, T answer) {
    log += std::string(what) + ";";
    deadline = call.deadline;
    return answer;
  }
};

template <class T>
std::string outcomeOf(core::KubeResult<T> const& result) {
  auto const* failure = std::get_if<core::KubeFailure>(&result);
  return failure == nullptr ? "done" : nameOf(failure->kind);
}

}  // namespace

TEST_GROUP(WriteGuard) {
  kube::test::HandClock clock{};
  app::LeaseWindow window{.beginBefore = clock.boot() + 10s, .endBy = clock.boot() + 13s};
  std::vector<std::string> differing{};
  Recorder api{};
  app::WriteGuard guard{api,
                        {.clock = &clock,
                         .window = [this] { return window; },
                         .differing = [this] { return differing; }}};
  apply::KeyChange const change{.target = {.namespaceName = "n", .name = "s"}};
  apply::ApplyRequest const request{.target = {.namespaceName = "n", .name = "s"}};

  apply::KubeCall call(sdk::Milliseconds timeout = 15s) const {
    return {.deadline = clock.boot() + timeout, .cancellation = nullptr};
  }
  // All writes, as "apply releaseKeys removeKeys remove".
  std::string write() {
    auto text = outcomeOf(guard.apply(request, call()));
    text += " " + outcomeOf(guard.releaseKeys(change, call()));
    text += " " + outcomeOf(guard.removeKeys(change, call()));
    return text + " " + outcomeOf(guard.remove(change, call()));
  }
};

TEST(WriteGuard, LetsAHolderWrite) {
  STRCMP_EQUAL("done done done done", write().c_str());
  STRCMP_EQUAL("apply;releaseKeys;removeKeys;remove;", api.log.c_str());
}

TEST(WriteGuard, EndsAWriteTwoSecondsBeforeTheLeaseDoes) {
  (void)guard.apply(request, call());
  CHECK_TRUE(api.deadline == window.endBy);
  (void)guard.apply(request, call(1s));
  CHECK_TRUE(api.deadline == clock.boot() + 1s);
}

TEST(WriteGuard, SendsNothingOnceTheTimeIsOver) {
  clock.advance(9'999ms);
  STRCMP_EQUAL("done done done done", write().c_str());
  api.log.clear();
  clock.advance(1ms);
  STRCMP_EQUAL("cancelled cancelled cancelled cancelled", write().c_str());
  clock.advance(24h);
  STRCMP_EQUAL("cancelled cancelled cancelled cancelled", write().c_str());
  STRCMP_EQUAL("", api.log.c_str());
}

TEST(WriteGuard, SendsNothingThatCouldNotEndInTime) {
  window.beginBefore = clock.boot() + 20s;
  clock.advance(13s);
  STRCMP_EQUAL("cancelled cancelled cancelled cancelled", write().c_str());
}

TEST(WriteGuard, LetsNobodyWriteWhoNeverLed) {
  window = {};
  STRCMP_EQUAL("cancelled cancelled cancelled cancelled", write().c_str());
  STRCMP_EQUAL("", api.log.c_str());
}

TEST(WriteGuard, LetsEverybodyRead) {
  window = {};
  STRCMP_EQUAL("done", outcomeOf(guard.observe(change.target, call())).c_str());
}

TEST(WriteGuard, DeletesNothingWhileDefinitionsDiffer) {
  differing = {"node-b (definitions 1111)"};
  STRCMP_EQUAL("done done done invalid", write().c_str());
  STRCMP_EQUAL("apply;releaseKeys;removeKeys;", api.log.c_str());
  auto const held = guard.remove(change, call());
  STRCMP_CONTAINS("n/s is not deleted while definitions differ on node-b (definitions 1111)",
                  std::get<core::KubeFailure>(held).message.c_str());
}

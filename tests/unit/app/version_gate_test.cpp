// SPDX-License-Identifier: Apache-2.0
#include "app/version_gate.hpp"

#include <string>

#include "fakes/fake_kube_api.hpp"
#include "unit/kube/kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace std::chrono_literals;
using core::KubeFailureKind;

// An API server that says of its version what the test says.
TEST_GROUP(VersionGate) {
  kube::test::HandClock clock{};
  std::uint64_t generation = 0;
  core::KubeResult<kube::ServerVersion> answer = kube::ServerVersion{1, 20, "v1.20.2"};
  int asked = 0;
  app::VersionGate gate{{.cluster = "default",
                         .clock = &clock,
                         .server = [] { return std::string("https://h:6443"); },
                         .generation = [this] { return generation; }}};
  app::VersionGate::Ask const ask = [this](apply::KubeCall const&) {
    ++asked;
    return answer;
  };

  // "in", or the kind that keeps the request back.
  std::string tries() {
    auto const refusal = gate.admit(ask, {});
    return refusal ? nameOf(refusal->kind) : "in";
  }
  void isOld() { answer = kube::ServerVersion{1, 18, "v1.18.20"}; }
  void fails(KubeFailureKind kind, int status) {
    answer = core::KubeFailure{.kind = kind, .status = status, .message = "no"};
  }
  std::string said() {
    std::string text;
    for (auto const& news : gate.takeNews()) {
      text += std::string(rowOf(news.id).name) + ": " + news.text + "\n";
    }
    return text;
  }
};

TEST(VersionGate, AsksOnceBeforeTheFirstRequest) {
  STRCMP_EQUAL("in", tries().c_str());
  STRCMP_EQUAL("in", tries().c_str());
  LONGS_EQUAL(1, asked);
  STRCMP_EQUAL("", said().c_str());
}

TEST(VersionGate, LetsNothingThroughToAnOldServerAndNamesItOnce) {
  isOld();
  STRCMP_EQUAL("server_too_old", tries().c_str());
  STRCMP_EQUAL("server_too_old", tries().c_str());
  LONGS_EQUAL(1, asked);
  auto const text = said();
  CHECK_TRUE(
      text.starts_with("CLUSTER_TOO_OLD: cluster default at https://h:6443 is Kubernetes "
                       "v1.18.20: 1.20 or newer is needed, because "));
  STRCMP_EQUAL("", said().c_str());
}

TEST(VersionGate, AsksAnOldServerAgainEveryMinuteAndTakesItOnceItIsUpdated) {
  isOld();
  static_cast<void>(tries());
  clock.advance(59s);
  static_cast<void>(tries());
  LONGS_EQUAL(1, asked);
  clock.advance(1s);
  STRCMP_EQUAL("server_too_old", tries().c_str());
  LONGS_EQUAL(2, asked);
  answer = kube::ServerVersion{1, 32, "v1.32.0"};
  clock.advance(1min);
  STRCMP_EQUAL("in", tries().c_str());
}

TEST(VersionGate, AsksAgainAfterTheConnectionWasLostButNotAfterAnAnswer) {
  static_cast<void>(tries());
  gate.ended(core::KubeFailure{.kind = KubeFailureKind::unavailable, .status = 503});
  gate.ended(core::KubeFailure{.kind = KubeFailureKind::forbidden, .status = 403});
  static_cast<void>(tries());
  LONGS_EQUAL(1, asked);
  gate.ended(core::KubeFailure{.kind = KubeFailureKind::unavailable, .status = 0});
  isOld();
  STRCMP_EQUAL("server_too_old", tries().c_str());
  LONGS_EQUAL(2, asked);
}

TEST(VersionGate, AsksAgainWhenTheKubeconfigMayLeadElsewhere) {
  static_cast<void>(tries());
  generation = 1;
  isOld();
  STRCMP_EQUAL("server_too_old", tries().c_str());
}

TEST(VersionGate, GoesOnWithANoticeWhereTheVersionIsNotTold) {
  for (auto const& [kind, status] : {std::pair{KubeFailureKind::forbidden, 403},
                                     {KubeFailureKind::changed, 404},
                                     {KubeFailureKind::invalid_response, 200}}) {
    fails(kind, status);
    generation += 1;
    STRCMP_EQUAL("in", tries().c_str());
  }
  STRCMP_EQUAL(
      "CLUSTER_VERSION_UNKNOWN: cluster default at https://h:6443 does not tell its version (no) "
      "and is taken for Kubernetes 1.20 or newer: make sure of that, and allow the daemon's user "
      "to get /version\n",
      said().c_str());
}

TEST(VersionGate, TakesAVersionThatItDoesNotUnderstand) {
  answer = kube::ServerVersion{0, 0, "v0.0.0-master"};
  STRCMP_EQUAL("in", tries().c_str());
  STRCMP_EQUAL("", said().c_str());
}

TEST(VersionGate, SendsNothingWhileTheServerIsSilentOrRefusesTheLogin) {
  for (auto const& [kind, status] : {std::pair{KubeFailureKind::unavailable, 0},
                                     {KubeFailureKind::timed_out, 0},
                                     {KubeFailureKind::unauthenticated, 401},
                                     {KubeFailureKind::throttled, 429},
                                     {KubeFailureKind::unavailable, 503}}) {
    fails(kind, status);
    STRCMP_EQUAL(nameOf(kind), tries().c_str());
  }
  STRCMP_EQUAL("", said().c_str());
}

TEST(VersionGate, StandsBeforeEveryRequestOfARound) {
  fakes::FakeKubeApi api;
  app::VersionedApi versioned(api, gate, ask);
  isOld();
  static_cast<void>(versioned.observe({}, {}));
  static_cast<void>(versioned.apply({}, {}));
  static_cast<void>(versioned.releaseKeys({}, {}));
  static_cast<void>(versioned.removeKeys({}, {}));
  static_cast<void>(versioned.remove({}, {}));
  CHECK_TRUE(api.calls().empty());
  answer = kube::ServerVersion{1, 20, "v1.20.0"};
  clock.advance(1min);
  static_cast<void>(versioned.observe({}, {}));
  static_cast<void>(versioned.apply({}, {}));
  static_cast<void>(versioned.releaseKeys({}, {}));
  static_cast<void>(versioned.removeKeys({}, {}));
  static_cast<void>(versioned.remove({}, {}));
  CHECK_EQUAL(5U, api.calls().size());
}

TEST(VersionGate, HearsFromTheRequestsThatTheConnectionWasLost) {
  fakes::FakeKubeApi api;  // answers "unavailable" to what is not scripted
  app::VersionedApi versioned(api, gate, ask);
  static_cast<void>(versioned.observe({}, {}));
  static_cast<void>(versioned.observe({}, {}));
  LONGS_EQUAL(2, asked);
}

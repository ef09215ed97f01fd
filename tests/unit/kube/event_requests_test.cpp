// SPDX-License-Identifier: Apache-2.0
#include "kube/event_requests.hpp"

#include <string>
#include <variant>

#include "kube_bench.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;
using namespace kms_secretd::kube::test;
using namespace std::chrono_literals;
using core::KubeFailureKind;

TEST_GROUP(EventRequests) {
  Bench bench{};
  EventSource const source{.node = "host-1"};

  static core::ClusterEventWrite write(bool isNew) {
    return {.event = {.about = {.namespaceName = "payments", .name = "db"},
                      .uid = "u-1",
                      .warning = true,
                      .reason = "FetchFailed",
                      .message = "why \"and\" what"},
            .isNew = isNew,
            .name = "db.18c5a",
            .count = isNew ? 1U : 7U,
            .first = sdk::WallTime(1'800'000'000s),
            .last = sdk::WallTime(1'800'000'060s + 250ms)};
  }
  core::KubeResult<bool> send(bool isNew, int status, std::string body = "{}") {
    bench.script->reply({.status = status, .body = std::move(body)});
    return bench.client().writeEvent(write(isNew), source, bench.call());
  }
};

TEST(EventRequests, AreAPostOfTheSecretsEventWhereItIsNew) {
  auto const request = eventRequest(write(true), source);
  STRCMP_EQUAL("POST", request.method.c_str());
  STRCMP_EQUAL("/api/v1/namespaces/payments/events", request.target.c_str());
  STRCMP_EQUAL(
      R"({"apiVersion":"v1","kind":"Event","metadata":{"name":"db.18c5a","namespace":"payments"},)"
      R"("involvedObject":{"apiVersion":"v1","kind":"Secret","namespace":"payments","name":"db","uid":"u-1"},)"
      R"("reason":"FetchFailed","type":"Warning","source":{"component":"kms-secretd","host":"host-1"},)"
      R"("reportingComponent":"kms-secretd","reportingInstance":"host-1",)"
      R"("firstTimestamp":"2027-01-15T08:00:00Z","message":"why \"and\" what",)"
      R"("lastTimestamp":"2027-01-15T08:01:00Z","count":1})",
      std::string(request.body.reveal()).c_str());
}

TEST(EventRequests, NameNoUidWhereThereIsNoSecret) {
  auto about = write(true);
  about.event.uid.clear();
  CHECK_TRUE(eventRequest(about, source).body.reveal().find("uid") == std::string_view::npos);
}

TEST(EventRequests, AreAPatchOfCountTimeAndWordsWhereItIsThere) {
  auto const request = eventRequest(write(false), source);
  STRCMP_EQUAL("PATCH", request.method.c_str());
  STRCMP_EQUAL("/api/v1/namespaces/payments/events/db.18c5a", request.target.c_str());
  STRCMP_EQUAL(R"({"message":"why \"and\" what","lastTimestamp":"2027-01-15T08:01:00Z","count":7})",
               std::string(request.body.reveal()).c_str());
  CHECK_TRUE(request.idempotent);
}

TEST(EventRequests, SucceedWithTheServersYesAndWithMeetingThemselves) {
  CHECK_TRUE(std::get<bool>(send(true, 201)));
  CHECK_TRUE(std::get<bool>(send(true, 409)));
  CHECK_TRUE(std::get<bool>(send(false, 200)));
}

TEST(EventRequests, SayThatTheEventToBeCountedIsGone) {
  CHECK_FALSE(std::get<bool>(send(false, 404)));
}

TEST(EventRequests, NameTheRightThatIsMissing) {
  auto const failure = failureIn(send(
      true, 403,
      R"({"kind":"Status","code":403,"message":"events is forbidden: User \"u\" cannot create"})"));
  CHECK_TRUE(failure.kind == KubeFailureKind::forbidden);
  CHECK_TRUE(
      failure.remedy.starts_with("allow the daemon's user to create events in namespace payments"));
}

// SPDX-License-Identifier: Apache-2.0
#include "kube/status_error.hpp"

#include <string>

#include "kube/dates.hpp"
#include "kube/value_guard.hpp"
#include "kube_bench.hpp"
#include "platform/wait.hpp"
#include "real_replies.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;
using namespace kms_secretd::kube::test;
using core::KubeFailureKind;

namespace {

Asked const asked{.verb = "patch", .namespaceName = "payments", .name = "db"};

sdk::HttpResponse response(int status, std::string_view body) {
  sdk::HttpResponse reply;
  reply.status = status;
  reply.body = sdk::SecretBytes(body);
  return reply;
}

core::KubeFailure failed(int status, std::string_view body, Hidden const& hidden = {}) {
  auto const now = *parseHttpDate("Tue, 24 Nov 2026 01:00:00 GMT");
  return failureOf(response(status, body), {.asked = asked, .now = now, .hidden = hidden});
}

long long retryAfter(char const* header) {
  auto reply = response(429, "{}");
  reply.headers.push_back({.name = "retry-after", .value = header});
  auto const now = *parseHttpDate("Tue, 24 Nov 2026 01:00:00 GMT");
  return failureOf(reply, {.asked = asked, .now = now, .hidden = {}}).retryAfter.count();
}

void checkKind(KubeFailureKind kind, core::KubeFailure const& failure) {
  STRCMP_EQUAL(core::nameOf(kind), core::nameOf(failure.kind));
  CHECK_TEXT(!failure.message.empty() && !failure.remedy.empty(), failure.message.c_str());
}

void checkHas(std::string const& text, char const* part) {
  CHECK_TEXT(text.find(part) != std::string::npos, (text + " lacks: " + part).c_str());
}

}  // namespace

TEST_GROUP(StatusError){};

TEST(StatusError, NamesManagersAndFieldsOfAConflict) {
  auto const failure = failed(409, conflictReply);
  checkKind(KubeFailureKind::contested, failure);
  CHECK_EQUAL(409, failure.status);
  CHECK_EQUAL(2U, failure.conflicts.size());
  STRCMP_EQUAL("kms-secretd/default", failure.conflicts[0].manager.c_str());
  STRCMP_EQUAL(".data.a", failure.conflicts[0].field.c_str());
  STRCMP_EQUAL("kubectl", failure.conflicts[1].manager.c_str());
}

TEST(StatusError, TakesAConflictWithoutCausesForAChange) {
  checkKind(KubeFailureKind::changed, failed(409, modifiedReply));
}

TEST(StatusError, TakesAnotherUidForAChangeAndOtherImmutablesForAType) {
  checkKind(KubeFailureKind::changed, failed(422, uidReply));
  checkKind(KubeFailureKind::type_differs, failed(422, typeReply));
  checkKind(KubeFailureKind::type_differs, failed(422, immutableReply));
  checkKind(KubeFailureKind::invalid, failed(422, badKeyReply));
}

TEST(StatusError, TellsAMissingNamespaceFromAMissingSecret) {
  checkKind(KubeFailureKind::namespace_absent, failed(404, noNamespaceReply));
  checkKind(KubeFailureKind::namespace_absent, failed(403, terminatingNamespaceReply));
  checkKind(KubeFailureKind::changed, failed(404, noSecretReply));
}

TEST(StatusError, NamesVerbObjectAndRoleForMissingRights) {
  auto const failure = failed(403, forbiddenReply);
  checkKind(KubeFailureKind::forbidden, failure);
  checkHas(failure.message, "patch secrets payments/db");
  checkHas(failure.remedy, "patch secrets named db in namespace payments");
  checkHas(failure.remedy, "--print-rbac");
}

TEST(StatusError, SendsAdmissionToWhoeverSetTheRule) {
  auto const failure = failed(
      403,
      R"({"kind":"Status","message":"admission webhook \"policy.example\" denied the request: no","code":403})");
  checkKind(KubeFailureKind::forbidden, failure);
  checkHas(failure.message, "policy.example");
  checkHas(failure.remedy, "admission");
}

TEST(StatusError, TakesAnUnknownLoginForNone) {
  checkKind(KubeFailureKind::unauthenticated, failed(401, unauthorizedReply));
  checkKind(KubeFailureKind::unauthenticated, failed(403, anonymousReply));
}

TEST(StatusError, ClassifiesEveryOtherStatus) {
  struct Row {
    int status;
    KubeFailureKind withStatus;
    KubeFailureKind without;
  };
  for (auto const& row :
       {Row{400, KubeFailureKind::invalid, KubeFailureKind::invalid_response},
        Row{405, KubeFailureKind::invalid, KubeFailureKind::invalid_response},
        Row{406, KubeFailureKind::invalid_response, KubeFailureKind::invalid_response},
        Row{413, KubeFailureKind::invalid, KubeFailureKind::invalid_response},
        Row{415, KubeFailureKind::invalid_response, KubeFailureKind::invalid_response},
        Row{429, KubeFailureKind::throttled, KubeFailureKind::throttled},
        Row{500, KubeFailureKind::unavailable, KubeFailureKind::unavailable},
        Row{502, KubeFailureKind::unavailable, KubeFailureKind::unavailable},
        Row{503, KubeFailureKind::unavailable, KubeFailureKind::unavailable},
        Row{504, KubeFailureKind::timed_out, KubeFailureKind::timed_out},
        Row{301, KubeFailureKind::invalid_response, KubeFailureKind::invalid_response},
        Row{204, KubeFailureKind::invalid_response, KubeFailureKind::invalid_response},
        Row{401, KubeFailureKind::unauthenticated, KubeFailureKind::unauthenticated},
        Row{403, KubeFailureKind::forbidden, KubeFailureKind::forbidden},
        Row{404, KubeFailureKind::changed, KubeFailureKind::invalid_response},
        Row{409, KubeFailureKind::changed, KubeFailureKind::invalid_response}}) {
    checkKind(row.withStatus, failed(row.status, R"({"kind":"Status","message":"m"})"));
    checkKind(row.without, failed(row.status, "<html>gateway</html>"));
    checkKind(row.without, failed(row.status, ""));
  }
}

TEST(StatusError, ReadsRetryAfterAsSecondsAndAsDate) {
  CHECK_EQUAL(7000, retryAfter("7"));
  CHECK_EQUAL(90'000, retryAfter("Tue, 24 Nov 2026 01:01:30 GMT"));
  CHECK_EQUAL(0, retryAfter("Tue, 24 Nov 2026 00:00:00 GMT"));
  CHECK_EQUAL(3'600'000, retryAfter("999999999"));
  CHECK_EQUAL(3'600'000, retryAfter("Tue, 24 Nov 2099 00:00:00 GMT"));
  for (auto const* bad : {"", "-1", "soon", "1.5", "99999999999999999999999"}) {
    CHECK_EQUAL(0, retryAfter(bad));
  }
  auto const body =
      failed(429, R"({"kind":"Status","details":{"retryAfterSeconds":3},"code":429})");
  CHECK_EQUAL(3000, body.retryAfter.count());
}

TEST(StatusError, ShowsTextsOfTheServerOnOneLineAndNotTooMuch) {
  auto const failure =
      failed(400, R"({"kind":"Status","message":"a\nb\u0007c)" + std::string(10'000, 'x') + "\"}");
  checkHas(failure.message, "a b c");
  CHECK(failure.message.size() < 500);
}

TEST(StatusError, CutsNoCharacterInHalf) {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string text(shift, 'a');
    while (text.size() < 400) text += "\U0001F600";
    auto const message = failed(400, R"({"kind":"Status","message":")" + text + "\"}").message;
    CHECK(message.ends_with("..."));
    CHECK_EQUAL(0U, (message.size() - 3 - shift - message.find(": ") - 2) % 4);
  }
}

TEST(StatusError, LeavesOutWhatIsWrongWithAValue) {
  auto const failure = failed(
      422,
      R"({"kind":"Status","message":"canary","details":{"causes":[{"field":"data[x]","message":"canary"},{"field":"metadata.labels","message":"bad label"}]}})");
  checkHas(failure.message, "data[x]; metadata.labels: bad label");
  CHECK(failure.message.find("canary") == std::string::npos);
}

TEST(StatusError, LeavesOutTextsThatRepeatAValue) {
  Hidden const hidden = [](std::string_view text) {
    return text.find("canary") != std::string_view::npos;
  };
  for (int const status : {400, 403, 422, 500}) {
    auto const failure =
        failed(status, R"({"kind":"Status","message":"bad value canary-4711"})", hidden);
    CHECK(shown(failure).find("canary") == std::string::npos);
  }
}

TEST(StatusError, FindsEveryPartOfAValuePlainAndEncoded) {
  std::vector<core::RenderedKey> data;
  data.push_back({.key = "k", .value = sdk::SecretBytes("hunter2")});
  data.push_back({.key = "l", .value = sdk::SecretBytes("a longer secret value, 4711")});
  data.push_back({.key = "m", .value = sdk::SecretBytes("")});
  data.push_back({.key = "n", .value = sdk::SecretBytes("1")});
  CHECK(repeatsValue("it said hunter2.", data));
  CHECK(repeatsValue("... secret v ...", data));
  CHECK(repeatsValue("bigger context: aHVudGVyMg==", data));
  CHECK(repeatsValue("error at \"YSBsb25nZXIg\"", data));
  CHECK(repeatsValue("MQ==", data));
  CHECK_FALSE(repeatsValue("1 field is immutable; secrets \"db\" is forbidden", data));
  CHECK_FALSE(repeatsValue("", data));
  CHECK_FALSE(repeatsValue("anything at all", {}));
}

TEST(StatusError, SurvivesTruncationAtEveryByteAndOddMembers) {
  for (std::size_t size = 0; size < conflictReply.size(); ++size) {
    checkKind(KubeFailureKind::invalid_response, failed(409, conflictReply.substr(0, size)));
  }
  for (auto const* body :
       {"[]", "7", "null", R"({"kind":"Status","details":7,"code":"x","message":[],"reason":{}})",
        R"({"kind":"Status","details":{"causes":[1,{},null,{"reason":"FieldManagerConflict"}]}})",
        R"({"kind":"Status","details":{"causes":{}}})",
        R"({"kind":"Status","code":-99999999999999999})"}) {
    CHECK(!failed(409, body).message.empty());
  }
  checkKind(KubeFailureKind::invalid_response, failed(409, std::string(1'000'000, '{')));
}

TEST(StatusError, KeepsAFloodOfCausesSmall) {
  std::string body = R"({"kind":"Status","message":"m","details":{"causes":[)";
  for (int i = 0; i < 20'000; ++i) {
    if (i != 0) body += ',';
    body +=
        R"({"reason":"FieldManagerConflict","message":"conflict with \"m\"","field":".data.k"})";
  }
  auto const failure = failed(409, body + "]}}");
  checkKind(KubeFailureKind::contested, failure);
  CHECK(failure.conflicts.size() <= 100);
}

TEST(StatusError, ClassifiesFailuresOfTheTransport) {
  auto const kind = [](sdk::FailureKind failure, char const* code = "") {
    return failureOf(sdk::Failure{.kind = failure, .code = code, .message = "why"}, asked, {}).kind;
  };
  CHECK(kind(sdk::FailureKind::unavailable) == KubeFailureKind::unavailable);
  CHECK(kind(sdk::FailureKind::timed_out) == KubeFailureKind::timed_out);
  CHECK(kind(sdk::FailureKind::invalid_response) == KubeFailureKind::invalid_response);
  CHECK(kind(sdk::FailureKind::invalid_request) == KubeFailureKind::invalid);
  CHECK(kind(sdk::FailureKind::internal) == KubeFailureKind::unavailable);
  CHECK(kind(sdk::FailureKind::internal, platform::cancelledCode) == KubeFailureKind::cancelled);
}

TEST(StatusError, ReadsDatesAndRefusesOthers) {
  CHECK_EQUAL(784111777000LL,
              parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT")->time_since_epoch().count());
  CHECK_EQUAL(784111777000LL, parseRfc3339("1994-11-06T08:49:37Z")->time_since_epoch().count());
  CHECK(parseRfc3339("1994-11-06T08:49:37.123456Z").has_value());
  for (auto const* bad : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
                          "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, xx Nov 1994 08:49:37 GMT"}) {
    CHECK_FALSE(parseHttpDate(bad).has_value());
  }
  for (auto const* bad : {"", "1994-11-06T08:49:37", "1994-13-06T08:49:37Z", "1994-11-06 08:49:37Z",
                          "1994-11-06T08:49:37.Z", "1994-11-06T08:49:37+00Z"}) {
    CHECK_FALSE(parseRfc3339(bad).has_value());
  }
}

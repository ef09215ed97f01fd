// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "alicloud/metadata_source.hpp"
#include "alicloud/oidc_source.hpp"
#include "alicloud/role_source.hpp"
#include "alicloud/static_provider.hpp"
#include "alicloud/uri_source.hpp"
#include "fakes/fake_host.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;
using namespace std::chrono_literals;

namespace {

constexpr char const* date = "Tue, 01 Sep 2026 08:00:00 GMT";  // as FakeHost's clock
constexpr char const* metadataHost = "100.100.100.200";
constexpr char const* stsHost = "sts.aliyuncs.com";

std::string triple(std::string const& id, std::string const& code = "Success",
                   std::string const& expiration = "2026-09-01T14:00:00Z") {
  return R"({"Code":")" + code + R"(","AccessKeyId":")" + id +
         R"(","AccessKeySecret":"CANARYSECRET","SecurityToken":"CANARYTOKEN","Expiration":")" +
         expiration + R"(","LastUpdated":"2026-09-01T08:00:00Z"})";
}

std::string textOf(sdk::Result<CredentialPtr> const& got) {
  if (got) return got.value()->accessKeyId();
  return std::string(sdk::nameOf(got.failure().kind)) + ": " + got.failure().message;
}

bool contains(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_GROUP(Metadata) {
  fakes::FakeHost host;
  MetadataSettings settings;

  fakes::TransportScript& peer() { return host.peer(metadataHost); }
  void say(int status, std::string body) {
    peer().reply({.status = status, .body = std::move(body), .headers = {{"Date", date}}});
  }
  std::string issue() {
    MetadataSource source(settings, host);
    return textOf(source.issue({.deadline = host.clock().boot() + 1min}));
  }
  void refusedWith(std::string const& part) {
    auto const text = issue();
    CHECK_TRUE_TEXT(text.starts_with("unauthenticated: the metadata service"), text.c_str());
    CHECK_TRUE_TEXT(contains(text, part), text.c_str());
    CHECK_FALSE(contains(text, "CANARY"));
  }
};

TEST(Metadata, AsksForATokenThenForTheRoleThenForItsCredential) {
  say(200, "session-token\n");
  say(200, "my-role\n");
  say(200, triple("STS.1"));
  STRCMP_EQUAL("STS.1", issue().c_str());
  auto const sent = peer().sent();
  STRCMP_EQUAL("PUT", sent.at(0).method.c_str());
  STRCMP_EQUAL("/latest/api/token", sent.at(0).target.c_str());
  STRCMP_EQUAL("21600", sent.at(0).header("x-aliyun-ecs-metadata-token-ttl-seconds").c_str());
  STRCMP_EQUAL("/latest/meta-data/ram/security-credentials/my-role", sent.at(2).target.c_str());
  STRCMP_EQUAL("session-token", sent.at(2).header("x-aliyun-ecs-metadata-token").c_str());
}

TEST(Metadata, IsAskedDirectlyAndWithinASecond) {
  say(200, "t");
  say(200, "r");
  say(200, triple("STS.1"));
  issue();
  auto const opened = host.openedTransports().at(0);
  CHECK(opened.plainHttp);
  CHECK(opened.proxy.empty());
  CHECK(opened.connectTimeout == 1s);
  CHECK(peer().sent().at(0).deadline == host.clock().boot() + 1s);
}

TEST(Metadata, ANamedRoleSparesAQuestion) {
  settings.roleName = "named";
  say(200, "t");
  say(200, triple("STS.1"));
  STRCMP_EQUAL("STS.1", issue().c_str());
  CHECK(peer().sent().at(1).target.ends_with("/named"));
}

TEST(Metadata, WithoutATokenItIsAskedOnlyWhereVersion1IsAllowed) {
  for (int const status : {403, 404, 405}) {
    say(status, "");
    refusedWith("allow_metadata_v1");
    settings.allowV1 = true;
    say(status, "");
    say(200, "r");
    say(200, triple("STS.1"));
    STRCMP_EQUAL("STS.1", issue().c_str());
    CHECK(peer().sent().back().header("x-aliyun-ecs-metadata-token").empty());
    settings.allowV1 = false;
  }
}

TEST(Metadata, AHostOutsideOfEcsIsToldSo) {
  peer().fail({.kind = sdk::FailureKind::timed_out, .message = "no connection within 1 s"});
  auto const text = issue();
  CHECK(text.starts_with("timed_out: the metadata service at 100.100.100.200: no connection"));
  CHECK(contains(text, "works on ECS instances only"));
  LONGS_EQUAL(1, peer().count());
}

TEST(Metadata, AnInstanceWithoutARoleIsToldWhatToDo) {
  say(200, "t");
  say(404, "");
  refusedWith("attach a RAM role");
}

TEST(Metadata, ALyingServiceIsNotBelieved) {
  settings.roleName = "r";
  for (auto const& [body, part] :
       {std::pair<std::string, std::string>{triple("STS.1", "Failed"), "Code is \"Failed\""},
        {triple("STS.1", "Success", "2026-09-01T07:00:00Z"), "ended already"},
        {triple("STS.1", "Success", "CANARY"), "Expiration"},
        {triple(""), "AccessKeyId is missing"},
        {"<html>CANARY", "not JSON"},
        {"\"CANARY\"", "not an object"},
        {std::string(2'000'000, ' '), "larger than the limit"}}) {
    say(200, "t");
    say(200, body);
    refusedWith(part);
  }
  settings.roleName.clear();
  for (auto const& name : std::vector<std::string>{"../CANARY", "a b", "", std::string(200, 'x')}) {
    say(200, "t");
    say(200, name);
    refusedWith("no role name");
  }
  say(200, "CANARY\r\nX-Evil: 1");
  refusedWith("no token");
}

TEST(Metadata, BelievesNoLifeOverTwelveHours) {
  settings.roleName = "r";
  say(200, "t");
  say(200, triple("STS.1", "Success", "2099-01-01T00:00:00Z"));
  MetadataSource source(settings, host);
  auto const got = source.issue({.deadline = host.clock().boot() + 1min});
  CHECK(got.value()->life().goodUntil == host.clock().boot() + 12h);
}

TEST_GROUP(CredentialsUriSource) {
  fakes::FakeHost host;
  std::string issue(std::string const& uri) {
    UriSource source(*parseCredentialsUri(uri), {}, host);
    return textOf(source.issue({.deadline = host.clock().boot() + 1min}));
  }
};

TEST(CredentialsUriSource, TakesATriple) {
  host.peer("127.0.0.1").reply({.body = triple("STS.u"), .headers = {{"Date", date}}});
  STRCMP_EQUAL("STS.u", issue("http://127.0.0.1:8080/c?x=1").c_str());
  STRCMP_EQUAL("/c?x=1", host.peer("127.0.0.1").sent().at(0).target.c_str());
  auto const opened = host.openedTransports().at(0);
  CHECK(opened.plainHttp && opened.port == 8080 && opened.proxy.empty());
}

TEST(CredentialsUriSource, SaysWhatIsWrongWithoutShowingThePath) {
  host.peer("127.0.0.1").reply({.status = 500});
  auto const text = issue("http://127.0.0.1/CANARY");
  STRCMP_EQUAL(
      "unauthenticated: the credentials URI at 127.0.0.1:80 answered HTTP 500; look at the service "
      "behind it",
      text.c_str());
}

TEST(CredentialsUriSource, RefusesWhatIsNoUri) {
  for (auto const* bad : {"", "127.0.0.1/x", "ftp://127.0.0.1/", "http://", "http://u@127.0.0.1/",
                          "http://127.0.0.1/a b", "http://127.0.0.1/#x", "http://127.0.0.1:0/"}) {
    CHECK_FALSE_TEXT(parseCredentialsUri(bad).has_value(), bad);
  }
  LONGS_EQUAL(443, parseCredentialsUri("https://creds.example.org")->endpoint.port);
}

TEST_GROUP(AssumedRole) {
  fakes::FakeHost host;
  RoleSession session{.roleArn = "acs:ram::1:role/r", .name = "s1", .duration = 1h};

  std::shared_ptr<StsClient> sts() {
    return std::make_shared<StsClient>(StsSettings{.endpoint = {.host = stsHost}}, host);
  }
  fakes::TransportScript& peer() { return host.peer(stsHost); }
  void issueOf(std::string const& id) {
    peer().reply({.body = R"({"Credentials":)" + triple(id) + "}", .headers = {{"Date", date}}});
  }
  void refuse(int status, std::string const& code) {
    peer().reply({.status = status, .body = R"({"Code":")" + code + R"(","Message":"m"})"});
  }
  std::unique_ptr<CredentialProvider> key() {
    StaticSources sources{.id = std::move(host.openSecretSource({.value = "id"})).value(),
                          .secret = std::move(host.openSecretSource({.value = "secret"})).value()};
    return std::make_unique<StaticProvider>(std::move(sources));
  }
  void write(std::string const& number) {
    host.source("id").set("id" + number);
    host.source("secret").set("secret" + number);
  }
  std::string issue(CredentialSource & source) {
    return textOf(source.issue({.deadline = host.clock().boot() + 1min}));
  }
  RoleSource role() { return {sts(), session, key()}; }
  OidcSource oidc() {
    return {sts(), session, "acs:ram::1:oidc-provider/p",
            makeOidcToken(std::move(host.openSecretSource({.value = "token"})).value())};
  }
};

TEST(AssumedRole, IsAssumedWithTheBase) {
  write("1");
  issueOf("STS.r");
  auto source = role();
  STRCMP_EQUAL("STS.r", issue(source).c_str());
  CHECK(contains(peer().sent().at(0).header("authorization"), "Credential=id1,"));
}

TEST(AssumedRole, B20_AsksTheBaseForANewerKeyOnceWhenStsRefusesIt) {
  write("1");
  peer().next([this](fakes::SentRequest const& request) -> sdk::Result<sdk::HttpResponse> {
    write("2");
    return fakes::responseOf(
        {.status = 404, .body = R"({"Code":"InvalidAccessKeyId.NotFound","Message":"m"})"},
        request);
  });
  issueOf("STS.r");
  auto source = role();
  STRCMP_EQUAL("STS.r", issue(source).c_str());
  CHECK(contains(peer().sent().at(1).header("authorization"), "Credential=id2,"));
  refuse(404, "InvalidAccessKeyId.NotFound");
  CHECK(issue(source).starts_with("unauthenticated: cannot become acs:ram::1:role/r: "));
  LONGS_EQUAL(3, peer().count());
}

TEST(AssumedRole, FailsWithTheBasesOwnWordsWhereThereIsNoBase) {
  auto source = role();
  CHECK(issue(source).starts_with(
      "unauthenticated: cannot become acs:ram::1:role/r: auth.id: id does not exist"));
  LONGS_EQUAL(0, peer().count());
}

TEST(AssumedRole, ReadsTheOidcTokenAnewForEachExchange) {
  host.source("token").set("a.b.1\n");
  issueOf("STS.1");
  issueOf("STS.2");
  auto source = oidc();
  STRCMP_EQUAL("STS.1", issue(source).c_str());
  host.source("token").set("a.b.2\n");
  STRCMP_EQUAL("STS.2", issue(source).c_str());
  CHECK(peer().sent().at(0).body.ends_with("OIDCToken=a.b.1"));
  CHECK(peer().sent().at(1).body.ends_with("OIDCToken=a.b.2"));
}

TEST(AssumedRole, TriesARotatedTokenOnceWhereTheFirstHasExpired) {
  host.source("token").set("a.b.1");
  peer().next([this](fakes::SentRequest const& request) -> sdk::Result<sdk::HttpResponse> {
    host.source("token").set("a.b.2");
    return fakes::responseOf(
        {.status = 401, .body = R"({"Code":"AuthenticationFail.OIDCToken.Expired"})"}, request);
  });
  issueOf("STS.2");
  auto source = oidc();
  STRCMP_EQUAL("STS.2", issue(source).c_str());
  refuse(401, "AuthenticationFail.OIDCToken.Expired");
  CHECK(contains(issue(source), "no longer valid"));
  LONGS_EQUAL(3, peer().count());
}

TEST(AssumedRole, SendsNothingThatIsNoToken) {
  auto source = oidc();
  for (std::string const bad : {"", "one", "a.b", "a.b.c.d", "a.b.c d", "a.b.c&x=1"}) {
    host.source("token").set(bad);
    CHECK_TRUE_TEXT(issue(source).starts_with("unauthenticated: "), bad.c_str());
  }
  LONGS_EQUAL(0, peer().count());
}

TEST(AssumedRole, AsksTheApiServerForATokenOfTheServiceAccount) {
  OidcSource source(sts(), session, "acs:ram::1:oidc-provider/p",
                    makeOidcToken({.namespaceName = "ns", .name = "sa", .audience = "aud"}, host));
  host.giveToken("a.b.c", {});
  issueOf("STS.1");
  STRCMP_EQUAL("STS.1", issue(source).c_str());
  STRCMP_EQUAL("ns/sa aud", host.askedTokens().at(0).c_str());
  CHECK(contains(issue(source), "the API server's token for ServiceAccount ns/sa"));
}

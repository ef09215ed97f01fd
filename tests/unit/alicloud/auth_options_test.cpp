// SPDX-License-Identifier: Apache-2.0
#include "alicloud/auth_options.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <kms-secretd/plugin.hpp>

#include "alicloud/auth.hpp"
#include "alicloud/auth_identity.hpp"
#include "fakes/fake_host.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;
using namespace std::chrono_literals;

namespace {

sdk::OptionValue file(std::string path) {
  return sdk::OptionValue(sdk::SecretRef{.value = std::move(path)});
}
sdk::OptionValue text(std::string value) { return sdk::OptionValue(std::move(value)); }
sdk::OptionValue table(sdk::Options options) {
  return sdk::OptionValue(std::vector<sdk::Options>{std::move(options)});
}

sdk::Options accessKey() {
  sdk::Options auth;
  auth.set("type", text("access_key"));
  auth.set("id", file("id"));
  auth.set("secret", file("secret"));
  return auth;
}

constexpr char const* role = "acs:ram::1234567890123456:role/reader";
constexpr char const* provider = "acs:ram::1234567890123456:oidc-provider/ack-rrsa";

}  // namespace

TEST_GROUP(AuthOptions) {
  fakes::FakeHost host;
  sdk::Options auth = accessKey();
  AuthSurroundings around{.region = "cn-hangzhou"};

  std::string refusal() {
    try {
      static_cast<void>(makeAuth(auth, around, host));
      return "(accepted)";
    } catch (sdk::OptionError const& error) {
      return error.option() + ": " + error.what();
    }
  }
  void accepted() { STRCMP_EQUAL("(accepted)", refusal().c_str()); }
  void refusedAt(char const* option) {
    auto const said = refusal();
    CHECK_TRUE_TEXT(said.starts_with(std::string(option) + ": "), said.c_str());
  }
  void type(char const* name) {
    auth = {};
    auth.set("type", text(name));
  }
  void oidc() {
    type("oidc");
    auth.set("role_arn", text(role));
    auth.set("provider_arn", text(provider));
    auth.set("token", file("token"));
  }
};

TEST(AuthOptions, MakesAProviderWithoutReadingAnySecret) {
  accepted();
  LONGS_EQUAL(2, host.openedSources());
  LONGS_EQUAL(0, host.reads());
  LONGS_EQUAL(0, host.peer("sts-vpc.cn-hangzhou.aliyuncs.com").count());
}

TEST(AuthOptions, OpensAllThreeSourcesForSts) {
  auth.set("type", text("sts"));
  auth.set("token", file("token"));
  accepted();
  LONGS_EQUAL(3, host.openedSources());
}

TEST(AuthOptions, WantsATokenForSts) {
  auth.set("type", text("sts"));
  STRCMP_EQUAL("auth.token: auth.token is missing; auth.type = \"sts\" needs it",
               refusal().c_str());
}

TEST(AuthOptions, RefusesATokenForAnAccessKey) {
  auth.set("token", file("token"));
  refusedAt("auth.token");
}

TEST(AuthOptions, B19_AssumesNoOtherIdentity) {
  auth = {};
  refusedAt("auth.type");
  auth.set("type", text("access_key"));
  refusedAt("auth.id");
  auth.set("type", text("anything"));
  refusedAt("auth.type");
}

TEST(AuthOptions, B24_RefusesEveryOptionOfAnotherType) {
  auth.set("role_name", text("node"));
  refusedAt("auth.role_name");
  auth = accessKey();
  auth.set("session_name", text("me"));
  refusedAt("auth.session_name");
  auth.set("remote_role", text(role));
  accepted();
  oidc();
  auth.set("external_id", text("xx"));
  refusedAt("auth.external_id");
  oidc();
  auth.set("audience", text("aud"));
  refusedAt("auth.audience");
}

TEST(AuthOptions, EveryTypeIsAcceptedWithItsOptions) {
  type("ecs_ram_role");
  accepted();
  type("environment");
  accepted();
  type("profile");
  auth.set("file", file("credentials"));
  accepted();
  type("credentials_uri");
  auth.set("uri", text("http://127.0.0.1:8080/c"));
  accepted();
  oidc();
  accepted();
  type("ram_role");
  auth.set("role_arn", text(role));
  auth.set("base", table(accessKey()));
  auth.set("policy", text("{}"));
  auth.set("external_id", text("xx"));
  auth.set("session_duration", sdk::OptionValue(sdk::Milliseconds(15min)));
  accepted();
  type("chain");
  auth.set("members", sdk::OptionValue(std::vector<sdk::Options>{accessKey(), accessKey()}));
  accepted();
  LONGS_EQUAL(0, host.reads());
}

TEST(AuthOptions, AnOidcTokenComesFromExactlyOnePlace) {
  oidc();
  auth.set("service_account", text("kube-system/reader"));
  refusedAt("auth.token");
  type("oidc");
  auth.set("role_arn", text(role));
  auth.set("provider_arn", text(provider));
  refusedAt("auth.token");
  for (auto const* bad : {"reader", "/reader", "ns/", "a/b/c"}) {
    auth.set("service_account", text(bad));
    refusedAt("auth.service_account");
  }
  auth.set("service_account", text("kube-system/reader"));
  accepted();
}

TEST(AuthOptions, NamesTheOptionWithinAMemberOrABase) {
  auto second = accessKey();
  second.set("uri", text("x"));
  type("chain");
  auth.set("members", sdk::OptionValue(std::vector<sdk::Options>{accessKey(), second}));
  refusedAt("auth.members[1].uri");
  type("ram_role");
  auth.set("role_arn", text(role));
  auth.set("base", table({}));
  refusedAt("auth.base.type");
}

TEST(AuthOptions, RefusesWhatStsWouldRefuse) {
  auth.set("remote_role", text("reader"));
  refusedAt("auth.remote_role");
  auth.set("remote_role", text(role));
  auth.set("session_duration", sdk::OptionValue(sdk::Milliseconds(14min)));
  refusedAt("auth.session_duration");
  auth.set("session_duration", sdk::OptionValue(sdk::Milliseconds(1h)));
  auth.set("session_name", text("with space"));
  refusedAt("auth.session_name");
  auth.set("session_name", text("ok"));
  auth.set("policy", text("no json"));
  refusedAt("auth.policy");
  auth.set("policy", text("{}"));
  auth.set("external_id", text("x"));
  refusedAt("auth.external_id");
}

TEST(AuthOptions, ARoleNeedsAnSts) {
  around.region.clear();
  accepted();
  auth.set("remote_role", text(role));
  refusedAt("auth.sts");
  sdk::Options sts;
  sts.set("endpoint", text("sts.aliyuncs.com"));
  auth.set("sts", table(sts));
  accepted();
  sts.set("endpoint", text("sts.example.org"));
  auth.set("sts", table(sts));
  refusedAt("auth.sts.endpoint");
  sts.set("custom_endpoint", sdk::OptionValue(true));
  auth.set("sts", table(sts));
  accepted();
}

TEST(AuthOptions, StsIsReachedAsAsked) {
  auth.set("remote_role", text(role));
  sdk::Options sts;
  sts.set("network", text("internet"));
  auth.set("sts", table(sts));
  around.proxy = "http://proxy:3128";
  accepted();
  LONGS_EQUAL(1, host.openedTransports().size());
  STRCMP_EQUAL("sts.cn-hangzhou.aliyuncs.com", host.openedTransports().back().host.c_str());
  STRCMP_EQUAL("http://proxy:3128", host.openedTransports().back().proxy.c_str());
  sts.set("region", text("cn-north-2-gov-1"));
  auth.set("sts", table(sts));
  refusedAt("auth.sts.network");
}

TEST(AuthOptions, NamesTheSourceThatTheHostRefuses) {
  host.refuseSource("secret", {.kind = sdk::FailureKind::invalid_request, .message = "why"});
  STRCMP_EQUAL("auth.secret: why", refusal().c_str());
}

TEST_GROUP(ChainedIdentity) {
  fakes::FakeHost host;
  std::unique_ptr<CredentialProvider> chain() {
    sdk::Options second;
    second.set("type", text("access_key"));
    second.set("id", file("id2"));
    second.set("secret", file("secret2"));
    sdk::Options auth;
    auth.set("type", text("chain"));
    auth.set("members", sdk::OptionValue(std::vector<sdk::Options>{accessKey(), second}));
    return makeAuth(auth, {}, host).provider;
  }
  static std::string idOf(CredentialProvider & from, CredentialPtr refused = {}) {
    auto const got = from.get({.refused = std::move(refused)});
    return got ? got.value()->accessKeyId() : got.failure().message;
  }
};

TEST(ChainedIdentity, IsTheFirstMemberThatWorks) {
  host.source("id2").set("second");
  host.source("secret2").set("s");
  auto one = chain();
  STRCMP_EQUAL("second", idOf(*one).c_str());
}

TEST(ChainedIdentity, B19_StaysWhatItWasOnceItWorked) {
  host.source("id").set("first");
  host.source("secret").set("s");
  host.source("id2").set("second");
  host.source("secret2").set("s");
  auto one = chain();
  auto const first = one->get({}).value();
  host.source("id").fail({.kind = sdk::FailureKind::not_found, .message = "gone"});
  STRCMP_EQUAL("auth by chain: auth.members[0].id: gone", idOf(*one, first).c_str());
}

TEST(ChainedIdentity, SaysWhatIsWrongWithEachMember) {
  auto one = chain();
  auto const said = idOf(*one);
  CHECK(said.find("access_key: auth.members[0].id: id does not exist") != std::string::npos);
  CHECK(said.find("access_key: auth.members[1].id: id2 does not exist") != std::string::npos);
}

TEST(AuthOptions, TellTheHostWhoTheStoreIsOnceForEachCredential) {
  host.source("id").set("LTAI5tExampleKeyx7Qp");
  host.source("secret").set("canary-secret");
  auto const made = makeAuth(auth, around, host);
  CHECK_TRUE(host.identities().empty());
  for (int i = 0; i < 2; ++i) CHECK_TRUE(made.provider->get({}).ok());
  CHECK_EQUAL(1U, host.identities().size());
  STRCMP_EQUAL("access_key, access key id ...x7Qp", host.identities().front().c_str());
  host.source("id").set("short");
  CHECK_TRUE(made.provider->get({}).ok());
  STRCMP_EQUAL("access_key, access key id ...", host.identities().back().c_str());
}

TEST(AuthOptions, AreDescribedByTheirWayAndTheRoleInTheEnd) {
  auth.set("remote_role", text("acs:ram::2:role/other"));
  STRCMP_EQUAL("access_key then acs:ram::2:role/other", describeAuth(auth).c_str());
  sdk::Options oidc;
  oidc.set("type", text("oidc"));
  oidc.set("role_arn", text(role));
  STRCMP_EQUAL((std::string("oidc ") + role).c_str(), describeAuth(oidc).c_str());
}

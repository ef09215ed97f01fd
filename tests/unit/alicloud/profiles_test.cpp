// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>

#include "alicloud/environment_login.hpp"
#include "alicloud/profile_file.hpp"
#include "alicloud/profile_provider.hpp"
#include "fakes/fake_host.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;
using namespace std::chrono_literals;

namespace {

using Kind = ProfileLogin::Kind;

constexpr char const* cliFile = R"({"current":"default","profiles":[
 {"name":"default","mode":"AK","access_key_id":"LTAI1","access_key_secret":"s1","region_id":"x"},
 {"name":"triple","mode":"StsToken","access_key_id":"STS.1","access_key_secret":"s","sts_token":"t"},
 {"name":"role","mode":"RamRoleArn","access_key_id":"LTAI2","access_key_secret":"s2",
  "ram_role_arn":"acs:ram::1:role/r","ram_session_name":"mine","expired_seconds":1800,
  "sts_region":"cn-beijing","enable_vpc":true,"policy":"","external_id":"xx"},
 {"name":"ecs","mode":"EcsRamRole","ram_role_name":"node"},
 {"name":"oidc","mode":"OIDC","oidc_provider_arn":"acs:ram::1:oidc-provider/p",
  "oidc_token_file":"/run/token","ram_role_arn":"acs:ram::1:role/o"},
 {"name":"chain","mode":"ChainableRamRoleArn","source_profile":"role",
  "ram_role_arn":"acs:ram::2:role/far"},
 {"name":"uri","mode":"CredentialsURI","credentials_uri":"http://127.0.0.1:1/c"},
 {"name":"loop","mode":"ChainableRamRoleArn","source_profile":"loop","ram_role_arn":"acs:ram::2:role/x"},
 {"name":"sso","mode":"CloudSSO"},
 {"name":"half","mode":"AK","access_key_id":"LTAI3"}]})";

constexpr char const* iniFile = R"(# a comment
[default]
type = access_key
access_key_id = LTAIini
access_key_secret = s=with=equals
[role]
type = ram_role_arn
access_key_id = LTAI2
access_key_secret = s2
role_arn = acs:ram::1:role/r
role_session_name = ini-session
[ecs]
type = ecs_ram_role
; another
[oidc]
type=oidc_role_arn
oidc_provider_arn=acs:ram::1:oidc-provider/p
oidc_token_file_path=/run/token
role_arn=acs:ram::1:role/o
)";

bool contains(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_GROUP(Profile) {
  RoleSession defaults{.name = "kms-secretd", .duration = 1h};

  sdk::Result<ProfileLogin> read(char const* file, char const* name = "") {
    return readProfile(sdk::SecretBytes(file), name, defaults);
  }
  void refused(char const* file, char const* name, char const* part) {
    auto const got = read(file, name);
    CHECK_FALSE(got.ok());
    CHECK_TRUE_TEXT(contains(got.failure().message, part), got.failure().message.c_str());
    CHECK(got.failure().kind == sdk::FailureKind::unauthenticated);
  }
};

TEST(Profile, TheCurrentOneCountsWhereNoneIsNamed) {
  STRCMP_EQUAL("LTAI1", read(cliFile).value().keys->accessKeyId().c_str());
  STRCMP_EQUAL("LTAIini", read(iniFile).value().keys->accessKeyId().c_str());
  CHECK(read(iniFile).value().keys->accessKeySecret().reveal() == "s=with=equals");
}

TEST(Profile, EveryModeIsRead) {
  CHECK(read(cliFile, "triple").value().keys->securityToken().reveal() == "t");
  auto const role = read(cliFile, "role").value().roles.at(0);
  STRCMP_EQUAL("acs:ram::1:role/r", role.roleArn.c_str());
  STRCMP_EQUAL("mine", role.name.c_str());
  CHECK(role.duration == 30min && role.externalId == "xx");
  STRCMP_EQUAL("cn-beijing", read(cliFile, "role").value().stsRegion.c_str());
  CHECK(read(cliFile, "role").value().stsVpc);
  CHECK(read(cliFile, "ecs").value().kind == Kind::ecs_role);
  STRCMP_EQUAL("node", read(cliFile, "ecs").value().roleName.c_str());
  STRCMP_EQUAL("/run/token", read(cliFile, "oidc").value().tokenFile.c_str());
  STRCMP_EQUAL("http://127.0.0.1:1/c", read(cliFile, "uri").value().uri.c_str());
  STRCMP_EQUAL("ini-session", read(iniFile, "role").value().roles.at(0).name.c_str());
  CHECK(read(iniFile, "ecs").value().kind == Kind::ecs_role);
  STRCMP_EQUAL("kms-secretd", read(iniFile, "oidc").value().session.name.c_str());
}

TEST(Profile, AChainIsFollowedFromItsBase) {
  auto const login = read(cliFile, "chain");
  STRCMP_EQUAL("LTAI2", login.value().keys->accessKeyId().c_str());
  LONGS_EQUAL(2, login.value().roles.size());
  STRCMP_EQUAL("acs:ram::1:role/r", login.value().roles[0].roleArn.c_str());
  STRCMP_EQUAL("acs:ram::2:role/far", login.value().roles[1].roleArn.c_str());
}

TEST(Profile, WhatCannotBeUsedIsNamed) {
  refused(cliFile, "loop", "without an end");
  refused(cliFile, "sso", "\"CloudSSO\", which kms-secretd does not do");
  refused(cliFile, "half", "its access_key_secret is missing");
  refused(cliFile, "nobody", "no profile \"nobody\"");
  refused("", "", "empty");
  refused("{", "", "truncated");
  refused("{}", "", "no list of profiles");
  refused(R"({"profiles":[7]})", "", "no object");
  refused(R"({"profiles":[]})", "", "no current profile");
  refused("type = x", "", "before the first [section]");
  refused("[default\n", "", "does not close");
  refused("[default]\nnonsense", "", "its line 2 is neither");
  refused("[default]\na=1\na=2", "", "again");
  refused("[default]\na=1\n[default]", "", "second time");
  refused("[default]\ntype=access_key\naccess_key_id=CANARY 1\naccess_key_secret=x", "", "a space");
}

TEST_GROUP(ProfileWatched) {
  fakes::FakeHost host;

  ProfileProvider provider() {
    return {ProviderBuilder(host, {}, {}, [this](std::string const& text) { host.notice(text); }),
            std::move(host.openSecretSource({.value = "file"})).value(), "",
            RoleSession{.name = "n1", .duration = 1h}};
  }
  static std::string idOf(ProfileProvider & from) {
    auto const got = from.get({});
    return got ? got.value()->accessKeyId() : got.failure().message;
  }
  void write(std::string const& id) {
    host.source("file").set("[default]\ntype=access_key\naccess_key_secret=x\naccess_key_id=" + id);
  }
};

TEST(ProfileWatched, B20_AChangedFileIsUsedAtOnce) {
  write("LTAI1");
  auto one = provider();
  STRCMP_EQUAL("LTAI1", idOf(one).c_str());
  write("LTAI2");
  STRCMP_EQUAL("LTAI2", idOf(one).c_str());
}

TEST(ProfileWatched, ABadFileKeepsTheOldOneAndSaysSoOnce) {
  write("LTAI1");
  auto one = provider();
  idOf(one);
  host.source("file").set("[default]\nCANARY");
  STRCMP_EQUAL("LTAI1", idOf(one).c_str());
  STRCMP_EQUAL("LTAI1", idOf(one).c_str());
  LONGS_EQUAL(1, host.notices().size());
  CHECK(contains(host.notices()[0], "the one before it stays in use"));
  CHECK_FALSE(contains(host.notices()[0], "CANARY"));
  write("LTAI3");
  STRCMP_EQUAL("LTAI3", idOf(one).c_str());
  LONGS_EQUAL(2, host.notices().size());
  CHECK(contains(host.notices()[1], "can be used again"));
}

TEST(ProfileWatched, ALookFindsAChangedFileBeforeAnythingIsRead) {
  write("LTAI1");
  auto one = provider();
  CHECK_TRUE(one.lookAhead());
  CHECK_FALSE(one.lookAhead());
  write("LTAI2");
  CHECK_TRUE(one.lookAhead());
  host.source("file").set("[default]\nCANARY");
  CHECK_FALSE(one.lookAhead());
  LONGS_EQUAL(1, host.notices().size());
}

TEST(ProfileWatched, WithoutAFileThereIsNoCredential) {
  auto one = provider();
  STRCMP_EQUAL("auth.file: file does not exist", idOf(one).c_str());
  write("LTAI1");
  STRCMP_EQUAL("LTAI1", idOf(one).c_str());
}

TEST_GROUP(EnvironmentLogin) {
  fakes::FakeHost host;

  void set(char const* name, char const* value) { host.source(name).set(value); }
  sdk::Result<ProfileLogin> read() {
    return readEnvironment(host, {.name = "kms-secretd", .duration = 1h});
  }
  void refused(char const* part) {
    auto const got = read();
    CHECK_FALSE(got.ok());
    CHECK_TRUE_TEXT(contains(got.failure().message, part), got.failure().message.c_str());
  }
};

TEST(EnvironmentLogin, TakesAnAccessKeyUnderEachOfItsNames) {
  for (auto const& [id, secret] :
       {std::pair{"ACCESS_KEY_ID", "SECRET_ACCESS_KEY"},
        std::pair{"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"},
        std::pair{"ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET"},
        std::pair{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"}}) {
    set(id, id);
    set(secret, "s");
    STRCMP_EQUAL(id, read().value().keys->accessKeyId().c_str());
  }
}

TEST(EnvironmentLogin, TakesTheNamesOfTheOperatorForOidcAndTheRemoteRole) {
  set("ALICLOUD_ROLE_ARN", "acs:ram::1:role/o");
  set("ALICLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/p");
  set("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/run/t");
  set("ALICLOUD_REMOTE_ROLE_ARN", "acs:ram::2:role/far");
  set("ALICLOUD_REMOTE_ROLE_SESSION_NAME", "remote");
  auto const login = read();
  CHECK(login.value().kind == Kind::oidc);
  STRCMP_EQUAL("acs:ram::1:role/o", login.value().session.roleArn.c_str());
  LONGS_EQUAL(1, login.value().roles.size());
  STRCMP_EQUAL("remote", login.value().roles[0].name.c_str());
}

TEST(EnvironmentLogin, AKeyWithARoleAssumesIt) {
  set("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI");
  set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s");
  set("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/r");
  STRCMP_EQUAL("acs:ram::1:role/r", read().value().roles.at(0).roleArn.c_str());
}

TEST(EnvironmentLogin, B19_IsNobodyWhereItIsNotWhole) {
  refused("names no identity");
  set("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI");
  refused("not ALIBABA_CLOUD_ACCESS_KEY_SECRET");
  set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s");
  set("ALIBABA_CLOUD_ECS_METADATA", "node");
  refused("two identities");
}

TEST(EnvironmentLogin, AnOidcRoleNeedsItsTokenFile) {
  set("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/p");
  refused("not ALIBABA_CLOUD_OIDC_TOKEN_FILE");
}

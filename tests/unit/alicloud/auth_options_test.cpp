// SPDX-License-Identifier: Apache-2.0
#include "alicloud/auth_options.hpp"

#include <string>

#include <kms-secretd/plugin.hpp>

#include "fakes/fake_host.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::alicloud;

namespace {

sdk::OptionValue file(std::string path) {
  return sdk::OptionValue(sdk::SecretRef{.value = std::move(path)});
}

}  // namespace

TEST_GROUP(AuthOptions) {
  fakes::FakeHost host;
  sdk::Options auth;

  void setup() override {
    auth.set("type", sdk::OptionValue(std::string("access_key")));
    auth.set("id", file("id"));
    auth.set("secret", file("secret"));
  }
  std::string refusal() {
    try {
      static_cast<void>(makeCredentialProvider(auth, host));
      return "(accepted)";
    } catch (sdk::OptionError const& error) {
      return error.option() + ": " + error.what();
    }
  }
};

TEST(AuthOptions, MakesAProviderWithoutReadingAnySecret) {
  STRCMP_EQUAL("(accepted)", refusal().c_str());
  LONGS_EQUAL(2, host.openedSources());
  LONGS_EQUAL(0, host.reads());
}

TEST(AuthOptions, OpensAllThreeSourcesForSts) {
  auth.set("type", sdk::OptionValue(std::string("sts")));
  auth.set("token", file("token"));
  STRCMP_EQUAL("(accepted)", refusal().c_str());
  LONGS_EQUAL(3, host.openedSources());
}

TEST(AuthOptions, WantsATokenForSts) {
  auth.set("type", sdk::OptionValue(std::string("sts")));
  STRCMP_EQUAL("auth.token: auth.token is missing", refusal().c_str());
}

TEST(AuthOptions, RefusesATokenForAnAccessKey) {
  auth.set("token", file("token"));
  CHECK(refusal().starts_with("auth.token: "));
}

TEST(AuthOptions, B19_AssumesNoOtherIdentity) {
  CHECK((auth = {}, refusal()).starts_with("auth.type: "));
  auth.set("type", sdk::OptionValue(std::string("access_key")));
  STRCMP_EQUAL("auth.id: auth.id is missing", refusal().c_str());
  auth.set("type", sdk::OptionValue(std::string("ecs_ram_role")));
  CHECK(refusal().starts_with("auth.type: "));
}

TEST(AuthOptions, NamesTheSourceThatTheHostRefuses) {
  host.refuseSource("secret", {.kind = sdk::FailureKind::invalid_request, .message = "why"});
  STRCMP_EQUAL("auth.secret: why", refusal().c_str());
}

// SPDX-License-Identifier: Apache-2.0
// The two KMS backends give the same result for the same secret, whichever login reads it.
#include <cstdint>
#include <string>

#include "conformance/kms_fixture.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::conformance;

namespace {

/// Secrets of every type of KMS, with values as the service makes them.
struct Sample {
  char const* name;
  char const* type;
  char const* value;
  char const* dataType;
};

constexpr Sample samples[] = {
    {"app/text", "Generic", "p\u00e4ss w\u00f6rd\n", "text"},
    {"app/binary", "Generic", "AAECAwQFBgcICQoLDA0OD//+", "binary"},
    {"rds-main", "Rds", R"({"AccountName":"app_a","AccountPassword":"p@ss"})", "text"},
    {"polar-main", "PolarDB", R"({"AccountName":"app_b","AccountPassword":"p@ss"})", "text"},
    {"redis-main", "Redis", R"({"AccountName":"app_c","AccountPassword":"p@ss"})", "text"},
    {"acs/ram/user/app", "RAMCredentials",
     R"({"AccessKeyId":"LTAI1","AccessKeySecret":"s","GenerateTimestamp":"2016-03-25T10:42:40Z"})",
     "text"},
    {"acs/ecs/password", "ECS", R"({"UserName":"ecs-user","Password":"p"})", "text"},
    {"acs/ecs/pair", "ECS",
     R"({"UserName":"ecs-user","PublicKey":"ssh-rsa A","PrivateKey":"-----BEGIN\nX\n"})", "text"},
};

std::string joined(std::vector<std::string> const& stages) {
  std::string out;
  for (auto const& stage : stages) out += stage + ' ';
  return out;
}

// Everything of a result but what is each call's own.
void checkEqual(char const* name, sdk::FetchedSecret const& a, sdk::FetchedSecret const& b) {
  CHECK_TRUE_TEXT(a.value == b.value, name);
  CHECK_TRUE_TEXT(a.dataType == b.dataType, name);
  CHECK_TRUE_TEXT(a.extendedConfig == b.extendedConfig, name);
  STRCMP_EQUAL_TEXT(a.versionId.c_str(), b.versionId.c_str(), name);
  STRCMP_EQUAL_TEXT(joined(a.stages).c_str(), joined(b.stages).c_str(), name);
  STRCMP_EQUAL_TEXT(a.secretType.c_str(), b.secretType.c_str(), name);
  STRCMP_EQUAL_TEXT(a.nextRotation.c_str(), b.nextRotation.c_str(), name);
  STRCMP_EQUAL_TEXT(a.rotationState.c_str(), b.rotationState.c_str(), name);
}

}  // namespace

TEST_GROUP(SameResults) {
  RealHost host;
  Kms kms{true};
  LoadedBackend openApi{KMS_SECRETD_KMS_ENDPOINT_PLUGIN, kms.byAccessKey("LTAI1"), host};
  LoadedBackend clientKey{KMS_SECRETD_KMS_INSTANCE_ENDPOINT_PLUGIN, kms.byClientKey("KAAP.1"),
                          host};

  void put(Sample const& sample, std::string const& rotation = "Enabled") {
    kms->world().secrets.with([&](emulator::SecretStore& secrets) {
      emulator::Secret secret;
      secret.account = account;
      secret.name = sample.name;
      secret.type = sample.type;
      secret.automaticRotation = rotation;
      secret.rotationInterval = "604800s";
      secret.nextRotation = 1'788'249'600;
      secret.extendedConfig = R"({"SecretSubType":"SingleUser","CustomData":{}})";
      must(secrets.put(secret));
      emulator::NewVersion version;
      version.id = "v1";
      version.data = sample.value;
      version.dataType = sample.dataType;
      must(secrets.putVersion({account, sample.name}, version, 1));
    });
  }
  [[nodiscard]] sdk::FetchRequest request(char const* name) const {
    return {.name = name,
            .extendedConfig = true,
            .deadline = host.clock().boot() + sdk::Milliseconds{30'000}};
  }
  void check(char const* name, sdk::FetchRequest const& wanted) {
    auto const a = openApi.backend().fetch(wanted);
    auto const b = clientKey.backend().fetch(wanted);
    STRCMP_EQUAL_TEXT("", a.ok() ? "" : a.failure().message.c_str(), name);
    STRCMP_EQUAL_TEXT("", b.ok() ? "" : b.failure().message.c_str(), name);
    checkEqual(name, a.value(), b.value());
  }
};

TEST(SameResults, ForEveryTypeOfSecret) {
  for (auto const& sample : samples) {
    put(sample);
    check(sample.name, request(sample.name));
  }
}

TEST(SameResults, ForEveryStateOfARotation) {
  for (auto const* state : {"Enabled", "Disabled", "Invalid"}) {
    put(samples[2], state);
    check(state, request(samples[2].name));
    auto const result = clientKey.backend().fetch(request(samples[2].name));
    STRCMP_EQUAL(state, result.value().rotationState.c_str());
    CHECK_EQUAL(std::string(state) == "Disabled", result.value().nextRotation.empty());
  }
}

TEST(SameResults, ForStagesAndVersions) {
  put(samples[0]);
  kms->world().secrets.with([&](emulator::SecretStore& secrets) {
    emulator::NewVersion version;
    version.id = "v2";
    version.data = "new";
    must(secrets.putVersion({account, samples[0].name}, version, 2));
  });
  auto wanted = request(samples[0].name);
  check("current", wanted);
  wanted.versionStage = "ACSPrevious";
  check("previous", wanted);
  wanted.versionStage.clear();
  wanted.versionId = "v1";
  check("pinned", wanted);
}

TEST(SameResults, ForEveryWayToBeRefused) {
  put(samples[0]);
  auto const kinds = [&](sdk::FetchRequest const& wanted) {
    auto const a = openApi.backend().fetch(wanted);
    auto const b = clientKey.backend().fetch(wanted);
    STRCMP_EQUAL(sdk::nameOf(a.failure().kind), sdk::nameOf(b.failure().kind));
    STRCMP_EQUAL(a.failure().code.c_str(), b.failure().code.c_str());
  };
  kinds(request("absent"));
  auto stage = request(samples[0].name);
  stage.versionStage = "Nowhere";
  kinds(stage);
  kms->world().secrets.with([&](emulator::SecretStore& secrets) {
    must(secrets.setDenied({account, samples[0].name}, "*", true));
  });
  kinds(request(samples[0].name));
  emulator::FaultRule rule;
  rule.fault.kind = emulator::FaultKind::error;
  for (auto const& [status, code] :
       {std::pair{429, "Rejected.Throttling"}, std::pair{503, "ServiceUnavailableTemporary"},
        std::pair{500, "InternalFailure"}, std::pair{404, "Forbidden.KeyNotFound"}}) {
    rule.fault.status = status;
    rule.fault.code = code;
    kms->world().faults.with([&](emulator::FaultBook& faults) {
      faults.clear();
      faults.add(rule);
    });
    kinds(request(samples[0].name));
  }
}

// The same key of the same instance; a client that has to show its certificate does.
TEST(SameResults, WithTheClientsCertificateShown) {
  put(samples[1]);
  auto options = kms.byClientKey("KAAP.showing");
  options.emplace_back("present_client_certificate", sdk::OptionValue(true));
  LoadedBackend showing{KMS_SECRETD_KMS_INSTANCE_ENDPOINT_PLUGIN, options, host};
  kms->world().settings.with(
      [](emulator::Settings& settings) { settings.requireClientCertificate = true; });
  auto const good = showing.backend().fetch(request(samples[1].name));
  STRCMP_EQUAL("", good.ok() ? "" : good.failure().message.c_str());
  CHECK_FALSE(clientKey.backend().fetch(request(samples[1].name)).ok());
}

// SPDX-License-Identifier: Apache-2.0
#include "kms-endpoint/settings.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <kms-secretd/plugin.hpp>

#include "kms-endpoint/kms_endpoint.hpp"
#include "kms-endpoint/options.hpp"
#include "store.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_endpoint;
using namespace std::chrono_literals;

namespace {

constexpr auto pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

}  // namespace

TEST_GROUP(StoreSettings) {
  fakes::FakeHost host;
  sdk::Options given = storeOptions(accessKeyOptions());
  std::filesystem::path directory;

  void setup() override {
    char name[] = "/tmp/kms-endpoint-test-XXXXXX";
    directory = ::mkdtemp(name);
  }
  void teardown() override { std::filesystem::remove_all(directory); }

  std::string write(std::string const& content) {
    auto const path = directory / "ca.pem";
    std::ofstream(path) << content;
    return path.string();
  }
  // "option: message" of the refusal, or "(accepted)".
  std::string refusal() {
    sdk::CreateOutcome outcome;
    sdk::createBackend<KmsEndpoint>(given, host, outcome);
    if (outcome.backend == nullptr) return outcome.option + ": " + outcome.message;
    sdk::destroyBackend<KmsEndpoint>(outcome.backend);
    return "(accepted)";
  }
  void set(char const* name, std::string text) { given.set(name, textOption(std::move(text))); }
};

TEST(StoreSettings, MakesTheEndpointFromTheRegion) {
  auto const settings = readSettings(given);
  STRCMP_EQUAL(vpcHost, settings.endpoint.host.c_str());
  LONGS_EQUAL(443, settings.endpoint.port);
}

TEST(StoreSettings, PrefersTheEndpointThatWasGiven) {
  set("endpoint", "kms.cn-hangzhou.aliyuncs.com");
  STRCMP_EQUAL("kms.cn-hangzhou.aliyuncs.com", readSettings(given).endpoint.host.c_str());
}

TEST(StoreSettings, CreateConnectsToNothingAndReadsNoSecret) {
  STRCMP_EQUAL("(accepted)", refusal().c_str());
  LONGS_EQUAL(0, host.reads());
  LONGS_EQUAL(0, host.peer(vpcHost).count());
}

TEST(StoreSettings, AsksForTheTransportThatWasConfigured) {
  set("ca_file", write(pem));
  set("proxy", "http://proxy.example:3128/");
  set("endpoint", "localhost:8443");
  given.set("custom_endpoint", sdk::OptionValue(true));
  given.set("connect_timeout", sdk::OptionValue(sdk::Milliseconds(1234ms)));
  STRCMP_EQUAL("(accepted)", refusal().c_str());
  auto const opened = host.openedTransports().at(0);
  STRCMP_EQUAL("localhost", opened.host.c_str());
  LONGS_EQUAL(8443, opened.port);
  STRCMP_EQUAL(pem, opened.rootsPem.c_str());
  CHECK(opened.partialChain);
  STRCMP_EQUAL("http://proxy.example:3128", opened.proxy.c_str());
  LONGS_EQUAL(1234, opened.connectTimeout.count());
  CHECK_FALSE(opened.plainHttp);
  CHECK_FALSE(opened.hasClientKey);
}

TEST(StoreSettings, TrustsTheSystemsRootsAndNoProxyByDefault) {
  STRCMP_EQUAL("(accepted)", refusal().c_str());
  auto const opened = host.openedTransports().at(0);
  STRCMP_EQUAL("", opened.rootsPem.c_str());
  CHECK_FALSE(opened.partialChain);
  STRCMP_EQUAL("", opened.proxy.c_str());
}

TEST(StoreSettings, WantsARegionOrAnEndpoint) {
  set("region", "");
  CHECK(refusal().starts_with("region: give region"));
  set("region", "cn-hangzhou.aliyuncs.com.evil.example/");
  CHECK(refusal().starts_with("region: "));
}

TEST(StoreSettings, MakesTheEndpointFromTheInstance) {
  set("instance_id", "kst-hzz0000000000test");
  set("ca_file", write(pem));
  STRCMP_EQUAL("kst-hzz0000000000test.cryptoservice.kms.aliyuncs.com",
               readSettings(given).endpoint.host.c_str());
  set("endpoint", "kms.cn-hangzhou.aliyuncs.com");
  CHECK(refusal().starts_with("endpoint: give either instance_id or endpoint"));
  set("endpoint", "");
  set("instance_id", "hzz0");
  CHECK(refusal().starts_with("instance_id: "));
}

TEST(StoreSettings, WantsTheCaOfAnInstance) {
  set("instance_id", "kst-hzz0000000000test");
  CHECK(refusal().starts_with("ca_file: ca_file is missing: an instance's certificate is signed"));
  set("instance_id", "");
  set("endpoint", "kst-hzz0000000000test.cryptoservice.kms.aliyuncs.com");
  CHECK(refusal().starts_with("ca_file: "));
}

TEST(StoreSettings, RefusesAStrangeEndpointWithoutTheWord) {
  set("endpoint", "localhost:8443");
  CHECK(refusal().starts_with("endpoint: "));
}

TEST(StoreSettings, RefusesAnUnusableCaFile) {
  set("ca_file", (directory / "absent.pem").string());
  CHECK(refusal().starts_with("ca_file: "));
  set("ca_file", directory.string());
  CHECK(refusal().starts_with("ca_file: "));
  set("ca_file", write(""));
  CHECK(refusal().starts_with("ca_file: "));
  set("ca_file", write("no certificate"));
  CHECK(refusal().find("holds no PEM certificate") != std::string::npos);
  set("ca_file", write(pem + std::string(1024 * 1024, '\n')));
  CHECK(refusal().find("larger than 1 MiB") != std::string::npos);
}

TEST(StoreSettings, RefusesAProxyItCannotUseWithoutShowingItsPassword) {
  for (auto const* proxy : {"proxy:3128", "https://proxy:3128", "http://proxy", "http://",
                            "http://CANARY:CANARY@proxy:3128", "http://proxy:3128/path",
                            "socks5://proxy:1080", "http://proxy:0", "http://pro xy:1"}) {
    set("proxy", proxy);
    CHECK_TRUE_TEXT(refusal().starts_with("proxy: "), proxy);
    CHECK_FALSE(leaks(refusal()));
  }
}

TEST(StoreSettings, RefusesTimeoutsOfNothing) {
  given.set("request_timeout", sdk::OptionValue(sdk::Milliseconds(0)));
  CHECK(refusal().starts_with("request_timeout: "));
  given.set("request_timeout", sdk::OptionValue(sdk::Milliseconds(1)));
  given.set("connect_timeout", sdk::OptionValue(sdk::Milliseconds(-1)));
  CHECK(refusal().starts_with("connect_timeout: "));
}

TEST(StoreSettings, NamesTheOptionWhenTheHostRefusesTheTransport) {
  host.refuseTransports({.kind = sdk::FailureKind::invalid_request, .message = "bad PEM"});
  STRCMP_EQUAL("endpoint: bad PEM", refusal().c_str());
  set("ca_file", write(pem));
  STRCMP_EQUAL("ca_file: bad PEM", refusal().c_str());
}

TEST(StoreSettings, NamesTheMemberOfAuthThatIsWrong) {
  auto auth = accessKeyOptions();
  auth.set("token", fileOption("token"));
  given = storeOptions(auth);
  CHECK(refusal().starts_with("auth.token: "));
}

TEST(StoreSettings, EveryOptionIsDeclaredWithHelp) {
  for (auto const& option : options) {
    CHECK_TRUE_TEXT(option.help != nullptr && *option.help != '\0', option.name);
    CHECK_FALSE_TEXT(option.required && option.defaultText != nullptr, option.name);
  }
  for (auto const& member : alicloud::authMembers) CHECK_TRUE(*member.help != '\0');
}

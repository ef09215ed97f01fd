// SPDX-License-Identifier: Apache-2.0
#include "kms-instance-endpoint/settings.hpp"

#include <string>

#include "kms-instance-endpoint/options.hpp"
#include "store.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_instance_endpoint;

TEST_GROUP(InstanceSettings) {
  Store store;

  void set(char const* name, std::string text) {
    store.options.set(name, textOption(std::move(text)));
  }
  // The options without those of the client key.
  void withoutKey() {
    sdk::Options options;
    for (auto const* name : {"instance_id", "ca_file", "protocol"}) {
      options.set(name, textOption(store.options.text(name)));
    }
    for (auto const* name : {"connect_timeout", "request_timeout"}) {
      options.set(name, sdk::OptionValue(store.options.duration(name)));
    }
    store.options = options;
  }
};

TEST(InstanceSettings, MakesTheEndpointFromTheInstance) {
  STRCMP_EQUAL(instanceHost, readSettings(store.options).gateway.endpoint.host.c_str());
}

TEST(InstanceSettings, TakesTheEndpointInstead) {
  set("instance_id", "");
  set("endpoint", instanceHost);
  STRCMP_EQUAL(instanceHost, readSettings(store.options).gateway.endpoint.host.c_str());
}

TEST(InstanceSettings, WantsExactlyOneOfThem) {
  set("endpoint", instanceHost);
  CHECK(store.refusal().starts_with("endpoint: give either instance_id or endpoint"));
  set("endpoint", "");
  set("instance_id", "");
  CHECK(store.refusal().starts_with("instance_id: give instance_id"));
  for (auto const* id : {"hzz0", "kst-HZZ", "kst-a.b", "kst-a/", "https://kst-a"}) {
    set("instance_id", id);
    CHECK_TRUE_TEXT(store.refusal().starts_with("instance_id: "), id);
  }
}

TEST(InstanceSettings, RefusesTheSharedGateway) {
  set("instance_id", "");
  set("endpoint", "kms.cn-hangzhou.aliyuncs.com");
  CHECK(store.refusal().find("kms-endpoint") != std::string::npos);
}

TEST(InstanceSettings, RefusesEveryProtocolButHttpsWithTheReason) {
  for (auto const* protocol : {"http", "HTTPS", "", "grpc"}) {
    set("protocol", protocol);
    CHECK_TRUE_TEXT(store.refusal().starts_with("protocol: protocol must be \"https\": over "
                                                "anything else whoever listens reads"),
                    protocol);
  }
}

TEST(InstanceSettings, WantsTheCaOfAnInstanceAndTrustsNothingElse) {
  set("ca_file", "");
  CHECK(
      store.refusal().starts_with("ca_file: ca_file is missing: an instance's certificate is "
                                  "signed by a private CA"));
  set("ca_file", store.caFile());
  STRCMP_EQUAL("(accepted)", store.refusal().c_str());
  auto const opened = store.host.openedTransports().at(0);
  CHECK(opened.rootsPem.starts_with("-----BEGIN CERTIFICATE-----"));
  CHECK(opened.partialChain);
  CHECK_FALSE(opened.plainHttp);
}

TEST(InstanceSettings, WantsTheKeyInExactlyOneWay) {
  store.options.set("private_key", fileOption("pem"));
  CHECK(store.refusal().starts_with("private_key: give either client_key"));
  withoutKey();
  CHECK(store.refusal().starts_with("client_key: client_key is missing"));
  store.options.set("client_key", fileOption("key"));
  CHECK(store.refusal().starts_with("client_key_password: client_key_password is missing"));
  withoutKey();
  store.options.set("private_key", fileOption("pem"));
  CHECK(store.refusal().starts_with("key_id: key_id is missing"));
  set("key_id", "not an id");
  CHECK(store.refusal().starts_with("key_id: key_id must be"));
  set("key_id", "KAAP.1");
  STRCMP_EQUAL("(accepted)", store.refusal().c_str());
}

TEST(InstanceSettings, CreateConnectsToNothingAndReadsNoSecret) {
  STRCMP_EQUAL("(accepted)", store.refusal().c_str());
  LONGS_EQUAL(0, store.host.reads());
  LONGS_EQUAL(0, store.gateway().count());
}

TEST(InstanceSettings, NamesTheOptionWhenTheHostRefuses) {
  store.host.refuseSource("key", {.kind = sdk::FailureKind::invalid_request, .message = "no"});
  STRCMP_EQUAL("client_key: no", store.refusal().c_str());
  Store other;
  other.host.refuseTransports({.kind = sdk::FailureKind::invalid_request, .message = "bad PEM"});
  STRCMP_EQUAL("ca_file: bad PEM", other.refusal().c_str());
}

TEST(InstanceSettings, EveryOptionIsDeclaredWithHelp) {
  for (auto const& option : options) {
    CHECK_TRUE_TEXT(option.help != nullptr && *option.help != '\0', option.name);
    CHECK_FALSE_TEXT(option.required, option.name);
  }
}

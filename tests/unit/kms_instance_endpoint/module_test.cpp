// SPDX-License-Identifier: Apache-2.0
// The module as the loader meets it.
#include <memory>
#include <string>

#include <dlfcn.h>

#include <kms-secretd/plugin.hpp>

#include "store.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_instance_endpoint;

namespace {

struct Close {
  void operator()(void* library) const noexcept { ::dlclose(library); }
};
using Library = std::unique_ptr<void, Close>;

sdk::PluginDescriptor const& descriptorOf(Library const& library) {
  auto const* symbol = ::dlsym(library.get(), "kms_secretd_plugin");
  CHECK(symbol != nullptr);
  return *static_cast<sdk::PluginDescriptor const*>(symbol);
}

}  // namespace

TEST_GROUP(InstanceModule) {
  Library library{::dlopen(KMS_SECRETD_MODULE, RTLD_NOW | RTLD_LOCAL)};
  void setup() override { CHECK_TEXT(library != nullptr, KMS_SECRETD_MODULE); }
  void teardown() override { library.reset(); }
};

TEST(InstanceModule, DescribesItself) {
  auto const& plugin = descriptorOf(library);
  STRCMP_EQUAL("kms-instance-endpoint", plugin.name);
  STRCMP_EQUAL(sdk::buildTag, plugin.buildTag);
  CHECK(plugin.maxParallel > 1);
  LONGS_EQUAL(13, plugin.optionCount);
}

TEST(InstanceModule, TurnsBadOptionsIntoASentence) {
  fakes::FakeHost host;
  sdk::CreateOutcome outcome;
  descriptorOf(library).create(sdk::Options{}, host, outcome);
  POINTERS_EQUAL(nullptr, outcome.backend);
  STRCMP_EQUAL("protocol", outcome.option.c_str());
}

TEST(InstanceModule, ReadsASecretAcrossTheBoundary) {
  Store store;
  store.succeed();
  sdk::CreateOutcome outcome;
  auto const& plugin = descriptorOf(library);
  plugin.create(store.options, store.host, outcome);
  STRCMP_EQUAL("", outcome.message.c_str());
  auto const result = outcome.backend->fetch(store.request());
  CHECK(result.ok());
  CHECK(result.value().value.reveal() == "value");
  plugin.destroy(outcome.backend);
}

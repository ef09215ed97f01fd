// SPDX-License-Identifier: Apache-2.0
// The module as the loader meets it.
#include <cstring>
#include <memory>
#include <string>

#include <dlfcn.h>

#include <kms-secretd/plugin.hpp>

#include "store.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kms_endpoint;

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

TEST_GROUP(Module) {
  Library library{::dlopen(KMS_SECRETD_MODULE, RTLD_NOW | RTLD_LOCAL)};
  void setup() override { CHECK_TEXT(library != nullptr, KMS_SECRETD_MODULE); }
  void teardown() override { library.reset(); }
};

TEST(Module, DescribesItself) {
  auto const& plugin = descriptorOf(library);
  LONGS_EQUAL(0, std::memcmp(plugin.magic, sdk::pluginMagic, sizeof plugin.magic));
  LONGS_EQUAL(sizeof(sdk::PluginDescriptor), plugin.size);
  LONGS_EQUAL(sdk::sdkMajor, plugin.major);
  STRCMP_EQUAL(sdk::buildTag, plugin.buildTag);
  STRCMP_EQUAL("kms-endpoint", plugin.name);
  CHECK(*plugin.version != '\0');
  CHECK(plugin.maxParallel > 1);
  LONGS_EQUAL(9, plugin.optionCount);
}

TEST(Module, ExportsNothingOfItsInside) {
  POINTERS_EQUAL(nullptr, ::dlsym(library.get(), "_ZN11kms_secretd8alicloud10freshNonceB5cxx11Ev"));
}

TEST(Module, TurnsBadOptionsIntoASentence) {
  fakes::FakeHost host;
  sdk::CreateOutcome outcome;
  descriptorOf(library).create(sdk::Options{}, host, outcome);
  POINTERS_EQUAL(nullptr, outcome.backend);
  STRCMP_EQUAL("region", outcome.option.c_str());
  CHECK_FALSE(outcome.message.empty());
}

TEST(Module, ReadsASecretAcrossTheBoundary) {
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

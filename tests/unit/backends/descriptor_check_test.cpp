// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "backends/descriptor_check.hpp"
#include "bad_plugins/descriptor.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;  // NOLINT(google-build-using-namespace)

TEST_GROUP(DescriptorCheck) {
  sdk::PluginDescriptor plugin = bad_plugins::rightDescriptor("mine");

  std::string verdict(std::size_t symbolSize = sizeof(sdk::PluginDescriptor)) const {
    auto const check = backends::checkDescriptor({&plugin, symbolSize}, "mine");
    return check ? check->found : "passed";
  }
};

TEST(DescriptorCheck, PassesARightOneWhetherOrNotTheSymbolTellsItsSize) {
  STRCMP_EQUAL("passed", verdict().c_str());
  STRCMP_EQUAL("passed", verdict(0).c_str());
}

TEST(DescriptorCheck, NeverReadsBehindTheSymbol) {
  STRCMP_EQUAL("a symbol of 15 bytes", verdict(15).c_str());
  STRCMP_EQUAL("a symbol of 16 bytes", verdict(16).c_str());
  STRCMP_CONTAINS("a symbol of ", verdict(sizeof(sdk::PluginDescriptor) - 1).c_str());
}

TEST(DescriptorCheck, TakesAPluginThatKnowsLessThanTheHost) {
  plugin.minor = 0;
  STRCMP_EQUAL("passed", verdict().c_str());
}

TEST(DescriptorCheck, NamesTheVersionBeforeTheSizeThatItExplains) {
  plugin.size = 4096;
  plugin.major = 7;
  STRCMP_EQUAL(("SDK 7." + std::to_string(sdk::sdkMinor)).c_str(), verdict().c_str());
  plugin.major = sdk::sdkMajor;
  STRCMP_EQUAL("a descriptor of 4096 bytes", verdict().c_str());
}

TEST(DescriptorCheck, ShowsGarbageInPrintableForm) {
  plugin.magic[0] = '\x1b';
  plugin.magic[1] = '\xFF';
  STRCMP_EQUAL("magic \" ?SPLUG1\"", verdict().c_str());
}

TEST(DescriptorCheck, CutsTextsWithoutAnEnd) {
  std::string const endless(100'000, 'x');
  plugin.buildTag = endless.c_str();
  CHECK_TRUE(verdict().size() < 400);
  plugin = bad_plugins::rightDescriptor(endless.c_str());
  CHECK_TRUE(verdict().size() < 400);
}

TEST(DescriptorCheck, RefusesMissingPointers) {
  plugin.name = nullptr;
  STRCMP_EQUAL("the name none", verdict().c_str());
  plugin = bad_plugins::rightDescriptor("mine");
  plugin.version = "1\n0";
  STRCMP_EQUAL("no printable version", verdict().c_str());
  plugin = bad_plugins::rightDescriptor("mine");
  plugin.destroy = nullptr;
  STRCMP_EQUAL("no create or no destroy", verdict().c_str());
}

TEST(DescriptorCheck, TakesParallelCallsFromOneToTheCap) {
  for (auto const good : {1U, backends::maxParallelCap}) {
    plugin.maxParallel = good;
    STRCMP_EQUAL("passed", verdict().c_str());
  }
  plugin.maxParallel = backends::maxParallelCap + 1;
  STRCMP_EQUAL("1025 parallel calls", verdict().c_str());
}

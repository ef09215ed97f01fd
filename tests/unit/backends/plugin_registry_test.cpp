// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include "backends/plugin_registry.hpp"
#include "bad_plugins/probe_options.hpp"
#include "conformance/temporary_directory.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;  // NOLINT(google-build-using-namespace)
using kms_secretd::backends::PluginRegistry;

TEST_GROUP(PluginRegistry) {
  conformance::TemporaryDirectory directory;
  std::unique_ptr<backends::PluginRegistry> registry;

  void setup() override {
    registry = std::make_unique<backends::PluginRegistry>(
        backends::PluginDirectory{directory.path(), true});
  }
  void install(std::string const& name) {
    directory.copyPlugin(std::string(KMS_SECRETD_BAD_PLUGINS) + "/" + name + ".so", name + ".so");
  }
  std::string refusal(std::string const& name) {
    try {
      return registry->load(name)->name() + " was loaded";
    } catch (backends::PluginError const& error) {
      CHECK_TRUE(error.option().empty());
      return error.what();
    }
  }
};

TEST(PluginRegistry, LoadsAPluginOnceAndAnswersFromThenOn) {
  install("probe");
  auto const first = registry->load("probe");
  POINTERS_EQUAL(first.get(), registry->load("probe").get());
}

TEST(PluginRegistry, TellsWhatThePluginIs) {
  install("probe");
  auto const plugin = registry->load("probe");
  STRCMP_EQUAL("probe", plugin->name().c_str());
  STRCMP_EQUAL("1.2.3", plugin->version().c_str());
  STRCMP_EQUAL(directory.at("probe.so").c_str(), plugin->file().c_str());
  CHECK_EQUAL(8U, plugin->maxParallel());
  CHECK_EQUAL(std::size(bad_plugins::probeOptions), plugin->options().size());
  STRCMP_EQUAL("text", plugin->options().front().name);
}

TEST(PluginRegistry, NamesWhatThereIsAndTheNearestName) {
  install("probe");
  install("silent-create");
  directory.write("README", "no plugin");
  directory.write("Not A Name.so", "no plugin");
  STRCMP_EQUAL(("there is no plugin \"prob\" in " + directory.path() +
                ", which holds probe, silent-create; did you mean \"probe\"?")
                   .c_str(),
               refusal("prob").c_str());
}

TEST(PluginRegistry, SuggestsNothingFarFetched) {
  install("probe");
  STRCMP_EQUAL(
      ("there is no plugin \"vault\" in " + directory.path() + ", which holds probe").c_str(),
      refusal("vault").c_str());
}

TEST(PluginRegistry, SaysThatADirectoryIsEmptyOrMissing) {
  auto const said =
      "there is no plugin \"file\" in " + directory.path() + ", which holds no plugin";
  STRCMP_EQUAL(said.c_str(), refusal("file").c_str());
  registry = std::make_unique<backends::PluginRegistry>(
      backends::PluginDirectory{"/does/not/exist", true});
  STRCMP_CONTAINS("in /does/not/exist, which holds no plugin", refusal("file").c_str());
}

TEST(PluginRegistry, TakesNamesAndNeverPaths) {
  install("probe");
  for (std::string const name : {"../probe", "./probe", "/etc/passwd", "", ".", "probe.so", "Probe",
                                 "-probe", "a\nb", "x/../probe"}) {
    STRCMP_CONTAINS("there is no plugin \"", refusal(name).c_str());
    CHECK_TRUE(refusal(name).find('\n') == std::string::npos);
  }
  STRCMP_CONTAINS("there is no plugin \"xxxx", refusal(std::string(100'000, 'x')).c_str());
  CHECK_TRUE(refusal(std::string(100'000, 'x')).size() < 1000);
}

TEST(PluginRegistry, TriesARefusedFileAgainOnceItWasMended) {
  directory.write("probe.so", "not yet");
  STRCMP_CONTAINS("is refused", refusal("probe").c_str());
  std::string const source = std::string(KMS_SECRETD_BAD_PLUGINS) + "/probe.so";
  directory.write("probe.so", conformance::bytesOf(source));
  STRCMP_EQUAL("probe was loaded", refusal("probe").c_str());
}

TEST(PluginRegistry, ListsNamesInOrderAndOnlyPlugins) {
  install("probe");
  install("no-symbol");
  directory.write("libother.so.1", "");
  auto const names = registry->names();
  CHECK_EQUAL(2U, names.size());
  STRCMP_EQUAL("no-symbol", names[0].c_str());
  STRCMP_EQUAL("probe", names[1].c_str());
}

// SPDX-License-Identifier: Apache-2.0
// What the documentation shows is what the code takes: with the plugins as built.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "app/expression_judge.hpp"
#include "config/load.hpp"
#include "config/reference.hpp"

#include "plugin_catalog.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
namespace fs = std::filesystem;

namespace {

fs::path const docs = KMS_SECRETD_DOCS;

config_test::PluginCatalog builtPlugins() {
  std::istringstream list(KMS_SECRETD_PLUGINS);
  std::vector<std::string> paths;
  for (std::string path; std::getline(list, path, ':');) paths.push_back(path);
  return config_test::PluginCatalog(paths);
}

std::string bytesOf(fs::path const& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The main files among the examples: all but those that belong to another by standing in conf.d.
std::vector<fs::path> examples() {
  std::vector<fs::path> paths;
  for (auto const& entry : fs::recursive_directory_iterator(docs / "examples")) {
    bool const fragment = entry.path().parent_path().filename() == "conf.d";
    if (entry.path().extension() == ".toml" && !fragment) paths.push_back(entry.path());
  }
  return paths;
}

}  // namespace

TEST_GROUP(Documentation){};

TEST(Documentation, TheReferencePageIsWhatTheDeclarationsSay) {
  bool const current =
      bytesOf(docs / "configuration.md") == config::referenceText(builtPlugins().all());
  CHECK_TRUE_TEXT(current,
                  "docs/configuration.md is stale: run ninja update-configuration-reference");
}

TEST(Documentation, EveryExampleLoadsWithoutAWord) {
  auto catalog = builtPlugins();
  for (auto const& path : examples()) {
    auto const result =
        config::load({.mainFile = path,
                      .catalog = catalog,
                      .hash = [](std::string_view text) { return std::string(text); },
                      .ownerTrusted = [](fs::path const&) { return true; },
                      .expressions = app::judgeExpression});
    for (auto const& problem : result.problems) FAIL(problem.text().c_str());
    for (auto const& warning : result.warnings) FAIL(warning.text().c_str());
    CHECK_FALSE_TEXT(result.config->targets.empty(), path.c_str());
  }
  CHECK_TRUE(examples().size() >= 8);
}

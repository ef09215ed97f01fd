// SPDX-License-Identifier: Apache-2.0
// One file, or one directory with conf.d, for each way to get a configuration wrong. The comments
// at the top of its (main) file say what must be told, in order: "# error: <line>" and
// "# warning: <line>". "# inline: refused" stands for a file that others can read.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "config/load.hpp"

#include "table_catalog.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
namespace fs = std::filesystem;

namespace {

fs::path const root = fs::path(KMS_SECRETD_FIXTURES) / "config";

std::string bytesOf(fs::path const& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

config::SourceText sourceOf(fs::path const& path) {
  auto text = bytesOf(path);
  bool const refused = text.find("# inline: refused") != std::string::npos;
  return {.name = path.lexically_relative(root).string(),
          .text = std::move(text),
          .inlineRefusal = refused ? "everybody can read the file" : ""};
}

std::vector<fs::path> sorted(fs::path const& directory) {
  std::vector<fs::path> paths;
  for (auto const& entry : fs::directory_iterator(directory)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

std::vector<config::SourceText> sourcesOf(fs::path const& fixture) {
  if (!fs::is_directory(fixture)) return {sourceOf(fixture)};
  std::vector<config::SourceText> sources{sourceOf(fixture / "main.toml")};
  for (auto const& path : sorted(fixture / "conf.d")) sources.push_back(sourceOf(path));
  return sources;
}

std::string expectedOf(std::string const& text) {
  std::istringstream lines(text);
  std::string line;
  std::string expected;
  while (std::getline(lines, line)) {
    if (line.starts_with("# error: ") || line.starts_with("# warning: ")) {
      expected += line.substr(2) + "\n";
    }
  }
  return expected;
}

std::string toldOf(config::LoadResult const& result) {
  std::string told;
  for (auto const& problem : result.problems) told += "error: " + problem.text() + "\n";
  for (auto const& warning : result.warnings) told += "warning: " + warning.text() + "\n";
  return told;
}

}  // namespace

TEST_GROUP(Fixtures){};

TEST(Fixtures, EachWayToGetItWrongIsToldInItsWords) {
  std::size_t seen = 0;
  for (auto const& fixture : sorted(root)) {
    auto const sources = sourcesOf(fixture);
    config_test::TableCatalog catalog;
    auto const result = config::loadTexts(sources, catalog, config_test::plainHash);
    auto const expected = expectedOf(sources.front().text);
    STRCMP_EQUAL_TEXT(expected.c_str(), toldOf(result).c_str(), fixture.c_str());
    CHECK_FALSE_TEXT(expected.empty(), fixture.c_str());
    CHECK_EQUAL_TEXT(result.problems.empty(), result.config.has_value(), fixture.c_str());
    ++seen;
  }
  CHECK_TRUE(seen > 90);
}

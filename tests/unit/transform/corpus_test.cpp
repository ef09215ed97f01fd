// SPDX-License-Identifier: Apache-2.0
// Every file of tests/fixtures/transform is a configuration with what its sources hold and what its
// Secret must have, to the byte, in the comments at its top:
//   # value: <source> = "<JSON string>"       # hex: <source> = "<bytes in hex>"
//   # key: <key> = "<JSON string>"            # key-hex: <key> = "<bytes in hex>"
//   # note: <part of a note>                  # fails: <part of the message>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "app/expression_judge.hpp"
#include "config/load.hpp"
#include "transform/document.hpp"
#include "transform/encoding.hpp"
#include "transform/render.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
namespace fs = std::filesystem;

namespace {

fs::path const root = fs::path(KMS_SECRETD_FIXTURES) / "transform";

class NoOptions final : public config::BackendCatalog {
 public:
  config::BackendLookup find(std::string const& name) override {
    return config::BackendDescription{.name = name, .version = "1", .options = {}};
  }
};

std::string bytesOf(fs::path const& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

struct Expectation {
  std::map<std::string, std::string> values{};
  std::map<std::string, std::string> keys{};
  std::vector<std::string> notes{};
  std::string fails{};
};

std::string jsonString(std::string const& text) {
  auto const read = transform::readJson(text);
  CHECK_TRUE_TEXT(std::holds_alternative<transform::Value>(read), text.c_str());
  return std::get<transform::Value>(read).text();
}

std::string hexString(std::string const& text) {
  return std::get<std::string>(transform::decoded(core::Encoding::hex, jsonString(text)));
}

void take(Expectation& expected, std::string const& word, std::string const& rest) {
  auto const equals = rest.find(" = ");
  auto const name = rest.substr(0, equals);
  if (word == "note") expected.notes.push_back(rest);
  if (word == "fails") expected.fails = rest;
  if (word == "value") expected.values[name] = jsonString(rest.substr(equals + 3));
  if (word == "hex") expected.values[name] = hexString(rest.substr(equals + 3));
  if (word == "key") expected.keys[name] = jsonString(rest.substr(equals + 3));
  if (word == "key-hex") expected.keys[name] = hexString(rest.substr(equals + 3));
}

Expectation expectationOf(std::string const& text) {
  Expectation expected;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    auto const colon = line.find(": ");
    if (!line.starts_with("# ") || colon == std::string::npos) continue;
    take(expected, line.substr(2, colon - 2), line.substr(colon + 2));
  }
  return expected;
}

core::Config loaded(fs::path const& path, std::string const& text) {
  NoOptions catalog;
  std::string const main =
      "[kubernetes]\nkubeconfig = \"/k\"\n[store.s]\nbackend = \"any\"\n"
      "[store.t]\nbackend = \"any\"\n";
  auto result = config::loadTexts(
      {{.name = "main.toml", .text = main}, {.name = path.filename().string(), .text = text}},
      catalog, [](std::string_view hashed) { return std::string(hashed); }, app::judgeExpression);
  for (auto const& problem : result.problems) FAIL(problem.text().c_str());
  return std::move(*result.config);
}

core::Fetched fetchedFor(core::TargetDefinition const& definition, Expectation const& expected) {
  core::Fetched fetched;
  for (auto const& source : definition.reads()) {
    auto const at = expected.values.find(source.text());
    CHECK_TRUE_TEXT(at != expected.values.end(), source.text().c_str());
    sdk::FetchedSecret secret;
    secret.value = sdk::SecretBytes(at->second);
    fetched.sources.push_back(
        {source, std::make_shared<sdk::FetchedSecret const>(std::move(secret))});
  }
  return fetched;
}

std::string shown(std::string_view bytes) {
  return "\"" + std::string(bytes) + "\" (" + transform::encoded(core::Encoding::hex, bytes) + ")";
}

std::string told(std::map<std::string, std::string> const& keys) {
  std::string text;
  for (auto const& [key, value] : keys) text += key + " = " + shown(value) + "\n";
  return text;
}

void check(fs::path const& path) {
  auto const text = bytesOf(path);
  auto const expected = expectationOf(text);
  auto const config = loaded(path, text);
  auto const& definition = *config.targets.front();
  auto const result = transform::render(definition, fetchedFor(definition, expected));
  if (auto const* failure = std::get_if<core::RenderFailure>(&result)) {
    CHECK_TRUE_TEXT(!expected.fails.empty(), failure->message.c_str());
    STRCMP_CONTAINS_TEXT(expected.fails.c_str(), failure->message.c_str(), path.c_str());
    return;
  }
  auto const& rendered = std::get<core::Rendered>(result);
  std::map<std::string, std::string> keys;
  for (auto const& each : rendered.keys) keys[each.key] = each.value.reveal();
  STRCMP_EQUAL_TEXT(told(expected.keys).c_str(), told(keys).c_str(), path.c_str());
  CHECK_TRUE_TEXT(expected.fails.empty(), path.c_str());
  CHECK_EQUAL_TEXT(expected.notes.size(), rendered.notes.size(), path.c_str());
  for (std::size_t i = 0; i < rendered.notes.size(); ++i) {
    STRCMP_CONTAINS(expected.notes[i].c_str(), rendered.notes[i].c_str());
  }
}

}  // namespace

TEST_GROUP(Corpus){};

TEST(Corpus, EveryFixtureComesOutToTheByte) {
  std::vector<fs::path> paths;
  for (auto const& entry : fs::directory_iterator(root)) {
    if (entry.path().extension() == ".toml") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  for (auto const& path : paths) check(path);
  CHECK_TRUE(paths.size() >= 40);
}

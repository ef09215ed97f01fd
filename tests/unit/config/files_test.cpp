// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "config/load.hpp"

#include "table_catalog.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
namespace fs = std::filesystem;

namespace {

char const* const inlineStore = R"([kubernetes]
kubeconfig = "/k"
[store.kms]
backend = "every"
key = { inline = "s3cret" }
)";

}  // namespace

TEST_GROUP(Files) {
  fs::path directory;
  bool ownerTrusted = true;

  void setup() override {
    std::string pattern = (fs::temp_directory_path() / "kms-secretd-config-XXXXXX").string();
    CHECK_TRUE(mkdtemp(pattern.data()) != nullptr);
    directory = pattern;
  }
  void teardown() override {
    std::error_code error;
    fs::remove_all(directory, error);
  }

  void write(std::string const& name, std::string const& text, ::mode_t mode = 0640) {
    auto const path = directory / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    LONGS_EQUAL(0, ::chmod(path.c_str(), mode));
  }

  config::LoadResult load() {
    config_test::TableCatalog catalog;
    return config::load({.mainFile = directory / "main.toml",
                         .catalog = catalog,
                         .hash = config_test::plainHash,
                         .ownerTrusted = [this](fs::path const&) { return ownerTrusted; }});
  }

  std::string firstProblem() {
    auto const result = load();
    CHECK_FALSE(result.problems.empty());
    auto text = result.problems.front().text();
    auto const prefix = directory.string() + "/";
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
  }
};

TEST(Files, TheFilesOfConfDAddUpInTheOrderOfTheirNames) {
  write("main.toml", config_test::preface());
  write("conf.d/20.toml", "[[secret]]\nname = \"b\"\nnamespace = \"n\"\ndata = [{source = \"x\"}]");
  write("conf.d/10.toml", "[[secret]]\nname = \"a\"\nnamespace = \"n\"\ndata = [{source = \"x\"}]");
  auto const result = load();
  CHECK_TRUE(result.config.has_value());
  LONGS_EQUAL(2, result.config->targets.size());
  STRCMP_EQUAL("n/a", result.config->targets.front()->id.text().c_str());
  STRCMP_CONTAINS("conf.d/10.toml", result.config->targets.front()->origin.file.c_str());
}

TEST(Files, NamesThatManyDefinitionsShareStandInMemoryOnce) {
  write("main.toml", config_test::preface());
  write("conf.d/10.toml",
        "[[secret]]\nname = \"a\"\nnamespace = \"n\"\ndata = [{source = \"x\"}]\n"
        "[[secret]]\nname = \"b\"\nnamespace = \"n\"\ndata = [{source = \"x\"}]");
  auto const result = load();
  CHECK_TRUE(result.config.has_value());
  auto const& a = *result.config->targets.front();
  auto const& b = *result.config->targets.back();
  CHECK_TRUE(a.id.namespaceName.sharedWith(b.id.namespaceName));
  CHECK_TRUE(a.id.cluster.sharedWith(b.id.cluster));
  CHECK_TRUE(a.origin.file.sharedWith(b.data.front().origin.file));
  CHECK_TRUE(a.data.front().source.store.sharedWith(b.data.front().source.store));
  CHECK_TRUE(a.data.front().source.name.sharedWith(b.data.front().source.name));
}

TEST(Files, OnlyVisibleTomlFilesOfConfDCount) {
  write("main.toml", config_test::preface());
  write("conf.d/.hidden.toml", "garbage");
  write("conf.d/a.toml.bak", "garbage");
  write("conf.d/a.toml~", "garbage");
  write("conf.d/sub/a.toml", "garbage");
  CHECK_TRUE(load().config.has_value());
}

TEST(Files, AMissingMainFileIsToldOnce) {
  STRCMP_EQUAL("main.toml: there is no such file; create it or name another with --config",
               firstProblem().c_str());
  LONGS_EQUAL(1, load().problems.size());
}

TEST(Files, WhatIsNoRegularFileIsRefusedWithoutBlocking) {
  write("main.toml", config_test::preface());
  fs::create_directories(directory / "conf.d/directory.toml");
  LONGS_EQUAL(0, ::mkfifo((directory / "conf.d/fifo.toml").c_str(), 0600));
  fs::create_symlink("/nonexistent", directory / "conf.d/link.toml");
  auto const result = load();
  LONGS_EQUAL(3, result.problems.size());
  STRCMP_CONTAINS("directory.toml: is not a regular file", result.problems[0].text().c_str());
  STRCMP_CONTAINS("fifo.toml: is not a regular file", result.problems[1].text().c_str());
  STRCMP_CONTAINS("link.toml: there is no such file", result.problems[2].text().c_str());
}

TEST(Files, ConfDThatIsNoDirectoryIsTold) {
  write("main.toml", config_test::preface());
  write("conf.d", "x");
  STRCMP_CONTAINS("conf.d: cannot be listed", firstProblem().c_str());
}

TEST(Files, AFileThatMayNotBeReadIsToldBesideTheErrorsOfTheOthers) {
  if (::geteuid() == 0) return;  // root reads everything
  write("main.toml", config_test::preface() + "x = 1\n");
  write("conf.d/a.toml", "", 0);
  auto const result = load();
  LONGS_EQUAL(2, result.problems.size());
}

TEST(Files, AGiantFileIsNotEvenRead) {
  write("main.toml", "");
  fs::resize_file(directory / "main.toml", std::uintmax_t{1} << 40);
  STRCMP_EQUAL("main.toml: is larger than 4 MiB; split it into several files in conf.d",
               firstProblem().c_str());
}

TEST(Files, TooManyFilesAreRefused) {
  write("main.toml", config_test::preface());
  for (std::size_t i = 0; i <= config::maxFiles; ++i) {
    write("conf.d/" + std::to_string(i) + ".toml", "");
  }
  STRCMP_EQUAL("conf.d: holds more than 1024 files; put several secrets into one file",
               firstProblem().c_str());
}

TEST(Files, AnInlineSecretIsAcceptedInAFileOfOursThatOthersCannotRead) {
  write("main.toml", inlineStore);
  CHECK_TRUE(load().config.has_value());
}

TEST(Files, AnInlineSecretIsRefusedInAFileThatOthersCanReadOrWrite) {
  for (::mode_t const mode : {0644, 0604, 0602}) {
    write("main.toml", inlineStore, mode);
    STRCMP_CONTAINS("main.toml:5:7: 'key' in [store.kms]: an inline secret is refused: everybody",
                    firstProblem().c_str());
  }
}

TEST(Files, AnInlineSecretIsRefusedInAFileOfAnotherUser) {
  ownerTrusted = false;
  write("main.toml", inlineStore);
  STRCMP_CONTAINS("belongs neither to root nor to the daemon's user", firstProblem().c_str());
}

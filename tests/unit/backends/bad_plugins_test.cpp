// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <kms-secretd/plugin.hpp>

#include "backends/plugin_registry.hpp"
#include "conformance/temporary_directory.hpp"
#include "unit/backends/child.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;  // NOLINT(google-build-using-namespace)
using kms_secretd::backends::inChild;

namespace {

std::string builtPlugin(std::string const& name) {
  return std::string(KMS_SECRETD_BAD_PLUGINS) + "/" + name + ".so";
}

std::string const descriptorBytes = std::to_string(sizeof(sdk::PluginDescriptor)) + " bytes";

// "SDK 1.0", so much newer than this build's.
std::string sdkVersion(int majorMore, int minorMore) {
  return "SDK " + std::to_string(sdk::sdkMajor + majorMore) + "." +
         std::to_string(sdk::sdkMinor + minorMore);
}

}  // namespace

// Each refusal is one sentence, and never a crash: hence the child.
TEST_GROUP(BadPlugins) {
  conformance::TemporaryDirectory directory;

  std::string load(std::string const& name) {
    return inChild([&] {
      backends::PluginRegistry registry({directory.path(), true});
      return registry.load(name)->name() + " was loaded";
    });
  }
  /// What is said of the built plugin `name`.
  std::string verdict(std::string const& name) {
    directory.copyPlugin(builtPlugin(name), name + ".so");
    return load(name);
  }
  void refuses(std::string const& name, std::string const& found, std::string const& expected) {
    auto const sentence = "plugin " + directory.at(name + ".so") + " is refused: found " + found +
                          ", expected " + expected;
    STRCMP_EQUAL(sentence.c_str(), verdict(name).c_str());
  }
};

TEST(BadPlugins, TheGoodOneIsLoaded) { STRCMP_EQUAL("probe was loaded", verdict("probe").c_str()); }

TEST(BadPlugins, NoSymbol) {
  refuses("no-symbol", "no symbol kms_secretd_plugin", "a plugin (see KMS_SECRETD_PLUGIN)");
}

TEST(BadPlugins, ASymbolThatIsTooSmall) {
  refuses("short-symbol", "a symbol of 4 bytes", "a descriptor");
}

TEST(BadPlugins, WrongMagic) { refuses("wrong-magic", "magic \"KMSPLUG9\"", "\"KMSPLUG1\""); }

TEST(BadPlugins, WrongSize) {
  refuses("wrong-size",
          "a descriptor of " + std::to_string(sizeof(sdk::PluginDescriptor) - 8) + " bytes",
          descriptorBytes);
}

TEST(BadPlugins, WrongMajor) {
  refuses("wrong-major", sdkVersion(1, 0),
          sdkVersion(0, 0) + " (build the plugin for this release)");
}

TEST(BadPlugins, NewerMinor) {
  refuses("newer-minor", sdkVersion(0, 1),
          sdkVersion(0, 0) + " or an older minor (the daemon is older than the plugin)");
}

TEST(BadPlugins, WrongBuildTag) {
  refuses("wrong-build-tag", "build tag \"gxx1002 libstdc++-cxx11abi0 nodebug c++201703L\"",
          "\"" + std::string(sdk::buildTag) + "\"");
  refuses("no-build-tag", "build tag none", "\"" + std::string(sdk::buildTag) + "\"");
}

TEST(BadPlugins, AnotherNameThanTheFile) {
  refuses("wrong-name", "the name \"another\"", "\"wrong-name\" as the file is named");
}

TEST(BadPlugins, NoVersion) {
  refuses("no-version", "no printable version", "the plugin's own version");
}

TEST(BadPlugins, NoParallelCallsOrTooMany) {
  refuses("no-parallel", "0 parallel calls", "1 to 1024");
  refuses("too-parallel", "100000 parallel calls", "1 to 1024");
}

TEST(BadPlugins, NoCreate) { refuses("no-create", "no create or no destroy", "both"); }

TEST(BadPlugins, NullOptionsWithACount) {
  refuses("null-options", "null for 3 declared options in its own options", "a table of options");
}

TEST(BadPlugins, MoreOptionsThanThereCanBe) {
  refuses("huge-option-count", "4294967295 options in its own options", "at most 64");
}

TEST(BadPlugins, AnOptionDeclaredTwice) {
  refuses("duplicate-option", "option \"directory\" declared twice", "each option once");
}

TEST(BadPlugins, AnOptionOfNoType) {
  refuses("mistyped-option", "option \"directory\" of type 77",
          "a type that this daemon knows (0 to 9)");
}

TEST(BadPlugins, ADefaultThatItsTypeCannotHold) {
  refuses("bad-default", "default '10 parsecs' of option \"timeout\"",
          "a text that its type can hold (secrets and tables have no default)");
}

TEST(BadPlugins, AnEnumerationWithoutChoices) {
  refuses("no-choices", "enumeration option \"mode\" without choices", "at least one choice");
}

TEST(BadPlugins, ATableWithoutMembers) {
  refuses("no-members", "table option \"auth\" without members", "at least one member");
}

TEST(BadPlugins, ATableThatHoldsItself) {
  refuses("endless-options", "options nested deeper at \"again.again.again.again.\"",
          "at most 4 levels");
}

TEST(BadPlugins, AnUndefinedSymbolShowsWhenLoadingAndNotInARound) {
  auto const said = verdict("undefined-symbol");
  STRCMP_CONTAINS(("plugin " + directory.at("undefined-symbol.so") + " cannot be loaded: ").c_str(),
                  said.c_str());
  STRCMP_CONTAINS("undefined symbol: kms_secretd_nobody_defines_this", said.c_str());
}

TEST(BadPlugins, NotElf) {
  directory.write("text.so", "#!/bin/sh\necho I am no plugin, but a script of some length\n");
  auto const said = load("text");
  STRCMP_EQUAL(("plugin " + directory.at("text.so") +
                " is refused: found a file that is not ELF, expected an ELF shared object")
                   .c_str(),
               said.c_str());
}

TEST(BadPlugins, EmptyOrNearlyEmpty) {
  directory.write("empty.so", "");
  STRCMP_CONTAINS("found a file of 0 bytes, expected an ELF shared object", load("empty").c_str());
  directory.write("tiny.so",
                  "\x7f"
                  "ELF");
  STRCMP_CONTAINS("found the ELF header beyond the end of the file (4 bytes)",
                  load("tiny").c_str());
}

TEST(BadPlugins, CutShortAnywhereIsASentenceAndNoSigbus) {
  auto const whole = conformance::bytesOf(builtPlugin("probe"));
  auto const step = whole.size() / 40 + 1;
  for (std::size_t length = 64; length < whole.size(); length += step) {
    directory.write("probe.so", whole.substr(0, length));
    STRCMP_CONTAINS("beyond the end of the file (", load("probe").c_str());
  }
  directory.write("probe.so", whole.substr(0, whole.size() - 1));
  STRCMP_CONTAINS("a table of sections beyond the end of the file (", load("probe").c_str());
}

TEST(BadPlugins, ForAnotherMachine) {
  auto bytes = conformance::bytesOf(builtPlugin("probe"));
  bytes[18] = static_cast<char>(0xF3);  // e_machine: RISC-V
  bytes[19] = 0;
  directory.write("probe.so", bytes);
  STRCMP_CONTAINS("machine 243, expected ELF class ", load("probe").c_str());
}

TEST(BadPlugins, FilesThatOthersMayWriteTo) {
  directory.copyPlugin(builtPlugin("probe"), "probe.so");
  ::chmod(directory.at("probe.so").c_str(), 0757);
  STRCMP_EQUAL(("plugin " + directory.at("probe.so") +
                " is refused: found mode 0757, expected no write permission for group and others "
                "(chmod go-w)")
                   .c_str(),
               load("probe").c_str());
  ::chmod(directory.at("probe.so").c_str(), 0775);
  STRCMP_CONTAINS("found mode 0775", load("probe").c_str());
}

TEST(BadPlugins, DirectoriesThatOthersMayWriteTo) {
  directory.copyPlugin(builtPlugin("probe"), "probe.so");
  for (auto const mode : {0775U, 0777U, 01777U}) {
    ::chmod(directory.path().c_str(), mode);
    STRCMP_CONTAINS(("plugin " + directory.path() + " is refused: found mode ").c_str(),
                    load("probe").c_str());
  }
}

TEST(BadPlugins, SymbolicLinks) {
  directory.copyPlugin(builtPlugin("probe"), "elsewhere");
  std::filesystem::create_symlink("elsewhere", directory.at("probe.so"));
  STRCMP_EQUAL(("plugin " + directory.at("probe.so") +
                " is refused: found a symbolic link, expected a regular file")
                   .c_str(),
               load("probe").c_str());
}

TEST(BadPlugins, WhatIsNoRegularFile) {
  ::mkfifo(directory.at("fifo.so").c_str(), 0600);
  STRCMP_CONTAINS("found something that is no regular file", load("fifo").c_str());
  std::filesystem::create_directory(directory.at("folder.so"));
  ::chmod(directory.at("folder.so").c_str(), 0755);
  STRCMP_CONTAINS("found something that is no regular file", load("folder").c_str());
}

TEST(BadPlugins, FilesOfAStranger) {
  directory.copyPlugin(builtPlugin("probe"), "probe.so");
  auto const own = ::geteuid();
  if (own == 0) CHECK_EQUAL(0, ::chown(directory.at("probe.so").c_str(), 65534, 65534));
  auto const owner = own == 0 ? 65534U : own;
  auto const said = inChild([&] {
    // As root the file is nobody's; as another user the file is one's own, and that is not trusted.
    backends::PluginRegistry registry({directory.path(), false});
    return registry.load("probe")->name() + " was loaded";
  });
  STRCMP_CONTAINS(("found owner uid " + std::to_string(owner) + ", expected owner root").c_str(),
                  said.c_str());
}

// SPDX-License-Identifier: Apache-2.0
#include "table_catalog.hpp"

#include <array>
#include <utility>

#include <CppUTest/TestHarness.h>

namespace kms_secretd::config_test {

namespace {

using sdk::OptionDeclaration;
using sdk::OptionType;

constexpr char const* authTypes[] = {"access_key", "sts", nullptr};

constexpr std::array authMembers{
    OptionDeclaration{"type", OptionType::enumeration, true, nullptr, "Kind of login.", authTypes,
                      nullptr, 0},
    OptionDeclaration{"id", OptionType::secret, true, nullptr, "The id.", nullptr, nullptr, 0},
    OptionDeclaration{"secret", OptionType::secret, true, nullptr, "The key.", nullptr, nullptr,
                      0}};

constexpr std::array kmsOptions{
    OptionDeclaration{"region", OptionType::string, true, nullptr, "Region.", nullptr, nullptr, 0},
    OptionDeclaration{"endpoint", OptionType::string, false, nullptr, "Host.", nullptr, nullptr, 0},
    OptionDeclaration{"connect_timeout", OptionType::duration, false, "5s", "Patience.", nullptr,
                      nullptr, 0},
    OptionDeclaration{"auth", OptionType::table, true, nullptr, "Login.", nullptr,
                      authMembers.data(), authMembers.size()}};

constexpr std::array fileOptions{OptionDeclaration{"directory", OptionType::string, true, nullptr,
                                                   "Where the files are.", nullptr, nullptr, 0}};

constexpr std::array clashingOptions{OptionDeclaration{"timeout", OptionType::duration, false, "1s",
                                                       "Already taken.", nullptr, nullptr, 0}};

constexpr std::array limitMembers{OptionDeclaration{"bytes", OptionType::size, false, "64KiB",
                                                    "Most bytes.", nullptr, nullptr, 0},
                                  OptionDeclaration{"retries", OptionType::integer, false, "3",
                                                    "Most tries.", nullptr, nullptr, 0}};

constexpr std::array peerMembers{
    OptionDeclaration{"host", OptionType::string, true, nullptr, "Name.", nullptr, nullptr, 0},
    OptionDeclaration{"weight", OptionType::integer, false, "1", "Share.", nullptr, nullptr, 0}};

constexpr std::array everyOptions{
    OptionDeclaration{"text", OptionType::string, false, "some text", "Text.", nullptr, nullptr, 0},
    OptionDeclaration{"flag", OptionType::boolean, false, "true", "Flag.", nullptr, nullptr, 0},
    OptionDeclaration{"number", OptionType::integer, false, "-7", "Number.", nullptr, nullptr, 0},
    OptionDeclaration{"wait", OptionType::duration, false, "1m30s", "Wait.", nullptr, nullptr, 0},
    OptionDeclaration{"room", OptionType::size, false, "2MiB", "Room.", nullptr, nullptr, 0},
    OptionDeclaration{"kind", OptionType::enumeration, false, "sts", "Kind.", authTypes, nullptr,
                      0},
    OptionDeclaration{"words", OptionType::list, false, R"(["a", "b c"])", "Words.", nullptr,
                      nullptr, 0},
    OptionDeclaration{"key", OptionType::secret, false, nullptr, "Key.", nullptr, nullptr, 0},
    OptionDeclaration{"limits", OptionType::table, false, nullptr, "Limits.", nullptr,
                      limitMembers.data(), limitMembers.size()},
    OptionDeclaration{"login", OptionType::table, false, nullptr, "Login.", nullptr,
                      authMembers.data(), authMembers.size()},
    OptionDeclaration{"peer", OptionType::table_list, false, nullptr, "Peers.", nullptr,
                      peerMembers.data(), peerMembers.size()}};

}  // namespace

config::Declarations everyOption() noexcept { return everyOptions; }

config::BackendLookup TableCatalog::find(std::string const& name) {
  if (name == "kms-endpoint") return config::BackendDescription{name, "1", kmsOptions};
  if (name == "file") return config::BackendDescription{name, "1", fileOptions};
  if (name == "every") return config::BackendDescription{name, "1", everyOptions};
  if (name == "clashing") return config::BackendDescription{name, "1", clashingOptions};
  if (name == "broken") return config::BackendRefusal{"/plugins/broken.so is no ELF file"};
  return config::BackendRefusal{"there is no plugin " + name +
                                ", only every, file and kms-endpoint"};
}

std::string plainHash(std::string_view text) { return std::string(text); }

config::LoadResult loadAll(std::vector<std::string> const& texts) {
  std::vector<config::SourceText> sources;
  for (auto const& text : texts) {
    auto const name =
        sources.empty() ? "main.toml" : "conf.d/" + std::to_string(sources.size()) + ".toml";
    sources.push_back({.name = name, .text = text});
  }
  TableCatalog catalog;
  return config::loadTexts(sources, catalog, plainHash);
}

core::Config loadGood(std::string const& text) {
  auto result = loadAll({text});
  for (auto const& line : linesOf(result.problems)) FAIL(line.c_str());
  CHECK_TRUE(result.config.has_value());
  return std::move(*result.config);
}

std::string preface() {
  return R"([kubernetes]
kubeconfig = "/etc/kubernetes/kms-secretd.conf"
[store.kms]
backend = "kms-endpoint"
region = "cn-hangzhou"
auth = { type = "access_key", id = { file = "/run/id" }, secret = { file = "/run/secret" } }
)";
}

std::vector<std::string> linesOf(std::vector<config::Problem> const& problems) {
  std::vector<std::string> lines;
  for (auto const& problem : problems) lines.push_back(problem.text());
  return lines;
}

}  // namespace kms_secretd::config_test

// SPDX-License-Identifier: Apache-2.0
#include "config/definition_hash.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "table_catalog.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;

namespace {

core::TargetDefinition sample() {
  return {.id = {.namespaceName = "payments", .name = "db"},
          .data = {{.source = {.store = "kms", .name = "a"}, .key = "x"},
                   {.source = {.store = "kms", .name = "b"}, .key = "y"}},
          .labels = {{"team", "a"}},
          .annotations = {{"note", "b"}}};
}

std::string hashIn(std::vector<std::string> const& texts) {
  auto const result = config_test::loadAll(texts);
  CHECK_TRUE(result.config.has_value());
  return result.config->targets.front()->hash;
}

}  // namespace

TEST_GROUP(DefinitionHash){};

TEST(DefinitionHash, EveryPartOfWhatIsAskedForCounts) {
  using Target = core::TargetDefinition;
  std::vector<std::function<void(Target&)>> const changes{
      [](Target&) {},
      [](Target& t) { t.id.cluster = "other"; },
      [](Target& t) { t.id.namespaceName = "other"; },
      [](Target& t) { t.id.name = "other"; },
      [](Target& t) { t.type = "kubernetes.io/tls"; },
      [](Target& t) { t.labels["team"] = "b"; },
      [](Target& t) { t.annotations.clear(); },
      [](Target& t) { std::swap(t.labels, t.annotations); },
      [](Target& t) { t.adopt = core::AdoptPolicy::force; },
      [](Target& t) { t.creation = core::CreationPolicy::merge; },
      [](Target& t) { t.recreate = true; },
      [](Target& t) { t.data.pop_back(); },
      [](Target& t) { t.data[0].key = "z"; },
      [](Target& t) { t.data[0].source.store = "files"; },
      [](Target& t) { t.data[0].source.name = "c"; },
      [](Target& t) { t.data[0].source.versionStage = "v"; },
      [](Target& t) { t.data[0].source.versionId = "v"; },
      [](Target& t) { std::swap(t.data[0].source, t.data[1].source); }};
  std::set<std::string> texts;
  for (auto const& change : changes) {
    auto target = sample();
    change(target);
    texts.insert(config::canonicalText(target));
  }
  LONGS_EQUAL(changes.size(), texts.size());
}

TEST(DefinitionHash, PlacesOrderAndIntervalDoNotCount) {
  auto other = sample();
  std::swap(other.data[0], other.data[1]);
  other.origin = {.file = "elsewhere.toml", .line = 7, .column = 1};
  other.data[0].origin = other.origin;
  other.interval = sdk::Milliseconds{7'000};
  STRCMP_EQUAL(config::canonicalText(sample()).c_str(), config::canonicalText(other).c_str());
}

TEST(DefinitionHash, NoTextRunsIntoTheNext) {
  auto first = sample();
  auto second = sample();
  first.data[0].source = {.store = "kms", .name = "a1:b"};
  second.data[0].source = {.store = "kmsa", .name = "1:b"};
  CHECK_TRUE(config::canonicalText(first) != config::canonicalText(second));
}

TEST(DefinitionHash, IsEqualHoweverTheFilesAreCut) {
  std::string const secret = "[[secret]]\nname = \"a\"\n[[secret.data]]\nsource = \"x\"\n";
  auto const together =
      hashIn({config_test::preface() + "[defaults]\nnamespace = \"n\"\n" + secret});
  auto const apart =
      hashIn({config_test::preface(), "# moved\n[defaults]\nnamespace = \"n\"\n" + secret +
                                          "version_stage = \"ACSCurrent\"\n"});
  STRCMP_EQUAL(together.c_str(), apart.c_str());
}

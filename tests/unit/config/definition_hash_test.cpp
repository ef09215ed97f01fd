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
          .labels = std::map<std::string, std::string>{{"team", "a"}},
          .annotations = std::map<std::string, std::string>{{"note", "b"}}};
}

std::string hashIn(std::vector<std::string> const& texts) {
  auto const result = config_test::loadAll(texts);
  CHECK_TRUE(result.config.has_value());
  return result.config->targets.front()->hash;
}

// Each change makes another text than every other, and than no change.
void everyChangeCounts(std::vector<std::function<void(core::TargetDefinition&)>> const& changes) {
  std::set<std::string> texts{config::canonicalText(sample())};
  for (auto const& change : changes) {
    auto target = sample();
    change(target);
    texts.insert(config::canonicalText(target));
  }
  LONGS_EQUAL(changes.size() + 1, texts.size());
}

using Target = core::TargetDefinition;

}  // namespace

TEST_GROUP(DefinitionHash){};

TEST(DefinitionHash, EveryPartOfWhatIsAskedForCounts) {
  everyChangeCounts(
      {[](Target& t) { t.id.cluster = "other"; }, [](Target& t) { t.id.namespaceName = "other"; },
       [](Target& t) { t.id.name = "other"; }, [](Target& t) { t.type = "kubernetes.io/tls"; },
       [](Target& t) { t.labels.kept()["team"] = "b"; }, [](Target& t) { t.annotations.reset(); },
       [](Target& t) { std::swap(t.labels, t.annotations); },
       [](Target& t) { t.adopt = core::AdoptPolicy::force; },
       [](Target& t) { t.creation = core::CreationPolicy::merge; },
       [](Target& t) { t.recreate = true; }, [](Target& t) { t.data.pop_back(); },
       [](Target& t) { t.data[0].key = "z"; }, [](Target& t) { t.data[0].source.store = "files"; },
       [](Target& t) { t.data[0].source.name = "c"; },
       [](Target& t) { t.data[0].source.versionStage = "v"; },
       [](Target& t) { t.data[0].source.versionId = "v"; },
       [](Target& t) { std::swap(t.data[0].source, t.data[1].source); }});
}

TEST(DefinitionHash, EveryPolicyCountsAndAnApprovalDoesNot) {
  everyChangeCounts({[](Target& t) { t.deletion = core::DeletionPolicy::remove; },
                     [](Target& t) { t.onSourceMissing = core::MissingPolicy::remove; },
                     [](Target& t) { t.foreignKeys = core::ForeignKeys::remove; },
                     [](Target& t) { t.immutable = true; }});
  auto approved = sample();
  approved.approve = "0123abcd";
  STRCMP_EQUAL(config::canonicalText(sample()).c_str(), config::canonicalText(approved).c_str());
}

TEST(DefinitionHash, EveryPartOfATransformationCounts) {
  everyChangeCounts(
      {[](Target& t) { t.data[0].templateOnly = true; },
       [](Target& t) { t.data[0].extendedConfig = true; },
       [](Target& t) { t.extractions = {{.extendedConfig = true}}; },
       [](Target& t) { t.data[0].conversion.decode = core::Encoding::hex; },
       [](Target& t) { t.data[0].conversion.encode = core::Encoding::hex; },
       [](Target& t) { t.data[0].conversion.nested = core::NestedForm::yaml; },
       [](Target& t) { t.data[0].paths = {{.path = "a", .key = "k"}}; },
       [](Target& t) { t.data[0].paths = {{.path = "b", .key = "k"}}; },
       [](Target& t) { t.data[0].paths = {{.path = "a", .key = "l"}}; },
       [](Target& t) { t.data[0].paths = {{.path = "a", .key = "k", .optional = true}}; },
       [](Target& t) {
         t.data[0].paths = {{"a", "k", false, {.encode = core::Encoding::hex}, {}}};
       },
       [](Target& t) {
         t.data[0].paths = {{.path = "a", .key = "k"}, {.path = "a", .key = "l"}};
       },
       [](Target& t) { t.extractions = {{}}; },
       [](Target& t) { t.extractions = {{.source = {.store = "kms", .name = "c"}}}; },
       [](Target& t) { t.extractions = {{.include = {"a"}}}; },
       [](Target& t) { t.extractions = {{.exclude = {"a"}}}; },
       [](Target& t) { t.extractions = {{.stripPrefix = "a"}}; },
       [](Target& t) { t.extractions = {{.addPrefix = "a"}}; },
       [](Target& t) {
         t.extractions = {{.rules = {{"a", "b"}, {"c", "d"}}}};
       },
       [](Target& t) {
         t.extractions = {{.rules = {{"c", "d"}, {"a", "b"}}}};
       },
       [](Target& t) { t.extractions = {{.conversion = {.decode = core::Encoding::base64}}}; },
       [](Target& t) { t.extractions = {{.templateOnly = true}}; },
       [](Target& t) { t.templates = {{.key = "a", .text = "b"}}; },
       [](Target& t) { t.templates = {{.key = "a", .text = "c"}}; },
       [](Target& t) { t.builds = {{.registry = "r"}}; },
       [](Target& t) { t.builds = {{.username = "r"}}; },
       [](Target& t) { t.builds = {{.password = "r"}}; },
       [](Target& t) { t.builds = {{.email = "r"}}; },
       [](Target& t) { t.builds = {{.certificate = "r"}}; },
       [](Target& t) { t.builds = {{.chain = "r"}}; },
       [](Target& t) { t.builds = {{.privateKey = "r"}}; }});
}

TEST(DefinitionHash, ADefinitionThatOnlyCopiesHasTheTextThatItAlwaysHad) {
  STRCMP_EQUAL(
      "kms-secretd definition 1\n7:default\n8:payments\n2:db\n6:Opaque\n1:1\n4:team\n1:a\n1:1\n"
      "4:note\n1:b\n1:0\n1:0\n1:0\n1:x\n3:kms\n1:a\n0:\n0:\n1:y\n3:kms\n1:b\n0:\n0:\n",
      config::canonicalText(sample()).c_str());
}

TEST(DefinitionHash, TheOrderOfTransformedEntriesDoesNotCount) {
  auto first = sample();
  first.data = {{.paths = {{.path = "a", .key = "a"}, {.path = "b", .key = "b"}}},
                {.paths = {{.path = "c", .key = "c"}}}};
  first.extractions = {{.addPrefix = "a"}, {.addPrefix = "b"}};
  first.templates = {{.key = "a"}, {.key = "b"}};
  auto second = first;
  std::swap(second.data[0], second.data[1]);
  std::swap(second.data[1].paths[0], second.data[1].paths[1]);
  std::swap(second.extractions[0], second.extractions[1]);
  std::swap(second.templates[0], second.templates[1]);
  STRCMP_EQUAL(config::canonicalText(first).c_str(), config::canonicalText(second).c_str());
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

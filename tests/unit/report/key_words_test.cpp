// SPDX-License-Identifier: Apache-2.0
#include "report/key_words.hpp"

#include <algorithm>

#include "report/reporter.hpp"

#include <CppUTest/TestHarness.h>

namespace core = kms_secretd::core;
namespace report = kms_secretd::report;

TEST_GROUP(KeyWords){
    static std::vector<std::string> names(std::size_t count){std::vector<std::string> names;
for (std::size_t i = 0; i < count; ++i) names.push_back("k" + std::to_string(i));
return names;
}
static std::vector<std::string> valuesOf(core::KeyChanges const& changes, std::string const& name) {
  std::vector<report::LogField> fields;
  report::addKeyFields(fields, changes);
  std::vector<std::string> values;
  for (auto const& field : fields) {
    if (field.name == name) values.push_back(field.value);
  }
  return values;
}
}
;

TEST(KeyWords, NameEachKindOfChange) {
  STRCMP_EQUAL("keys added: a, b; keys changed: c; keys removed: d; keys put back: e",
               report::keyWordsOf(
                   {.added = {"a", "b"}, .changed = {"c"}, .removed = {"d"}, .restored = {"e"}})
                   .c_str());
}

TEST(KeyWords, SayThatNoKeyChanged) {
  STRCMP_EQUAL("no key changed", report::keyWordsOf({}).c_str());
}

TEST(KeyWords, SayWhatIsNotKnownAndWhetherARestartIsWhy) {
  STRCMP_EQUAL("which of these changed is not known: a",
               report::keyWordsOf({.unknown = {"a"}}).c_str());
  STRCMP_EQUAL("which of these changed is not known since the restart or change of leader: a",
               report::keyWordsOf({.unknown = {"a"}, .firstWrite = true}).c_str());
}

TEST(KeyWords, ShowEightNamesAndCountTheOthers) {
  STRCMP_EQUAL("k0, k1, k2, k3, k4, k5, k6, k7", report::shortened(names(8)).c_str());
  STRCMP_EQUAL("k0, k1, k2, k3, k4, k5, k6, k7 and 12 more", report::shortened(names(20)).c_str());
}

TEST(KeyWords, MakeOneJournalFieldOfEachName) {
  auto const values = valuesOf({.changed = {"password", "token"}}, "KMS_SECRETD_KEYS_CHANGED");
  CHECK_TRUE((values == std::vector<std::string>{"password", "token"}));
  CHECK_TRUE(valuesOf({.changed = {"a"}}, "KMS_SECRETD_KEYS_ADDED").empty());
}

TEST(KeyWords, LoseNoNameOfManyAndStayBelowTheJournalsMostFields) {
  auto const values = valuesOf({.added = names(5000)}, "KMS_SECRETD_KEYS_ADDED");
  CHECK_EQUAL(101U, values.size());
  CHECK_EQUAL(4899, std::ranges::count(values.back(), ','));
}

TEST(KeyWords, StandInTheLineOfTheRoundAndBesideItsVersions) {
  core::Outcome outcome{.target = {.namespaceName = "payments", .name = "db"},
                        .kind = core::OutcomeKind::updated};
  outcome.record.versions = {{.source = {.store = "shared", .name = "user"}, .versionId = "v1"},
                             {.source = {.store = "shared", .name = "pass"}, .versionId = "v2"}};
  outcome.keyChanges = core::KeyChanges{.changed = {"password"}};
  STRCMP_EQUAL(
      "payments/db: updated from shared/user (version v1), shared/pass (version v2); keys changed: "
      "password",
      report::sentenceOf(outcome).c_str());
  std::string fields;
  for (auto const& field : report::fieldsOf(outcome)) {
    if (field.name.find("KEYS") != std::string::npos ||
        field.name.find("VERSION") != std::string::npos || field.name == "KMS_SECRETD_STORE") {
      fields += std::string(field.name) + "=" + field.value + " ";
    }
  }
  STRCMP_EQUAL(
      "KMS_SECRETD_STORE=shared KMS_SECRETD_VERSION_ID=v1 KMS_SECRETD_VERSION_ID=v2 "
      "KMS_SECRETD_KEYS_CHANGED=password ",
      fields.c_str());
}

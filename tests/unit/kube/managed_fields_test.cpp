// SPDX-License-Identifier: Apache-2.0
#include "kube/managed_fields.hpp"

#include <string>

#include <boost/json/serialize.hpp>

#include "kube/json_read.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using namespace kms_secretd::kube;

namespace {

std::optional<core::ManagedEntry> entryOf(std::string const& json) {
  return managedEntry(parseJson(json)->get_object());
}

std::string releasedFrom(std::string const& json, apply::KeyChange const& change) {
  auto entries = parseJson(json)->get_array();
  bool const taken = release(entries, change);
  return (taken ? "taken " : "left ") + boost::json::serialize(entries);
}

apply::KeyChange const change{.fieldManager = "kms-secretd/default",
                              .keys = {"a", "b"},
                              .labels = {"l"},
                              .annotations = {"x/y"}};

}  // namespace

TEST_GROUP(ManagedFields){};

TEST(ManagedFields, ReduceAnEntryToWhatDecisionsNeed) {
  auto const entry = entryOf(
      R"({"manager":"m","operation":"Apply","fieldsV1":{"f:data":{".":{},"f:tls.key":{},"f:a":{}},)"
      R"("f:metadata":{"f:labels":{"f:app/x":{}},"f:annotations":{".":{},"f:k":{}}},"f:type":{}}})");
  STRCMP_EQUAL("m", entry->manager.c_str());
  CHECK(entry->apply);
  CHECK(entry->type);
  CHECK((entry->dataKeys == std::vector<std::string>{"a", "tls.key"}));
  CHECK((entry->labels == std::vector<std::string>{"app/x"}));
  CHECK((entry->annotations == std::vector<std::string>{"k"}));
  CHECK_FALSE(entry->wholeData || entry->wholeLabels || entry->wholeAnnotations);
}

TEST(ManagedFields, TellAHeldMapWithoutKeysFromNone) {
  auto const empty = entryOf(R"({"manager":"m","operation":"Update","fieldsV1":{"f:data":{}}})");
  CHECK(empty->wholeData);
  CHECK_FALSE(empty->apply);
  auto const dots = entryOf(
      R"({"manager":"m","fieldsV1":{"f:metadata":{"f:labels":{".":{}},"f:annotations":{}}}})");
  CHECK(dots->wholeLabels);
  CHECK(dots->wholeAnnotations);
  CHECK_FALSE(dots->wholeData);
  CHECK_FALSE(dots->type);
}

TEST(ManagedFields, IgnoreEntriesThatCannotBeRead) {
  CHECK_FALSE(entryOf(R"({"manager":"m"})").has_value());
  CHECK_FALSE(entryOf(R"({"fieldsV1":7})").has_value());
  CHECK(entryOf(R"({"manager":7,"operation":[],"fieldsV1":{"f:data":3,"f:metadata":"x"}})")
            ->dataKeys.empty());
}

TEST(ManagedFields, ReleaseTakesOurKeysOutOfTheOthersEntries) {
  STRCMP_EQUAL(
      R"(taken [{"manager":"o","operation":"Update","time":"t","fieldsV1":{"f:data":{".":{},"f:c":{}},"f:type":{}}}])",
      releasedFrom(
          R"([{"manager":"o","operation":"Update","time":"t","fieldsV1":{"f:data":{".":{},"f:a":{},"f:c":{}},"f:type":{}}}])",
          change)
          .c_str());
}

TEST(ManagedFields, ReleaseDropsAMapLeftWithoutKeys) {
  STRCMP_EQUAL(
      R"(taken [{"manager":"o","fieldsV1":{"f:type":{}}}])",
      releasedFrom(
          R"([{"manager":"o","fieldsV1":{"f:data":{".":{},"f:a":{},"f:b":{}},"f:metadata":{"f:labels":{"f:l":{}},"f:annotations":{".":{},"f:x/y":{}}},"f:type":{}}}])",
          change)
          .c_str());
  STRCMP_EQUAL(
      R"(taken [{"manager":"o","fieldsV1":{"f:type":{}}}])",
      releasedFrom(R"([{"manager":"o","fieldsV1":{"f:data":{},"f:type":{}}}])", change).c_str());
}

TEST(ManagedFields, ReleaseDropsAnEntryLeftWithNothing) {
  STRCMP_EQUAL(
      R"(taken [{"manager":"p","fieldsV1":{"f:type":{}}}])",
      releasedFrom(
          R"([{"manager":"o","fieldsV1":{"f:data":{"f:a":{}}}},{"manager":"p","fieldsV1":{"f:type":{}}}])",
          change)
          .c_str());
}

TEST(ManagedFields, ReleaseLeavesOurApplyEntryAndTakesFromOurUpdateEntry) {
  STRCMP_EQUAL(
      R"(taken [{"manager":"kms-secretd/default","operation":"Apply","fieldsV1":{"f:data":{"f:a":{}}}}])",
      releasedFrom(
          R"([{"manager":"kms-secretd/default","operation":"Apply","fieldsV1":{"f:data":{"f:a":{}}}},{"manager":"kms-secretd/default","operation":"Update","fieldsV1":{"f:data":{"f:a":{}}}}])",
          change)
          .c_str());
}

TEST(ManagedFields, ReleaseSaysWhenThereIsNothingToTake) {
  for (
      auto const* entries :
      {R"([])",
       R"([{"manager":"o","fieldsV1":{"f:data":{"f:c":{}},"f:metadata":{"f:labels":{"f:z":{}}}}}])",
       R"([7,null,"x",{"fieldsV1":3},{"fieldsV1":{"f:data":[1],"f:metadata":[]}}])"}) {
    STRCMP_EQUAL((std::string("left ") + entries).c_str(), releasedFrom(entries, change).c_str());
  }
}

TEST(ManagedFields, ReleaseOfKeysOnlyLeavesMapsOfTheOtherKinds) {
  STRCMP_EQUAL(
      R"(taken [{"manager":"o","fieldsV1":{"f:metadata":{"f:labels":{}}}}])",
      releasedFrom(
          R"([{"manager":"o","fieldsV1":{"f:data":{"f:a":{}},"f:metadata":{"f:labels":{}}}}])",
          {.fieldManager = "us", .keys = {"a"}})
          .c_str());
}

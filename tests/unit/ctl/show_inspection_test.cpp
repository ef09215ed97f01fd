// SPDX-License-Identifier: Apache-2.0
#include "ctl/show_inspection.hpp"

#include <boost/json.hpp>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace kms_secretd::ctl;

TEST_GROUP(ShowInspection){
    static std::string shown(void (*show)(Screen&, boost::json::object const&),
                             char const* report){Screen screen(false);
show(screen, boost::json::parse(report).as_object());
return screen.text();
}
}
;

TEST(ShowInspection, EachCheckIsOneLineWithWhatToDo) {
  STRCMP_EQUAL(R"(good     dns            kms.example is 192.0.2.1
bad      rights         in namespace a we may not: get secrets a/s; do: kms-secretctl rbac
1 bad, 1 good
)",
               shown(showDoctor, R"({"checks":[
  {"check":"dns","level":"good","what":"kms.example is 192.0.2.1","do":""},
  {"check":"rights","level":"bad","what":"in namespace a we may not: get secrets a/s",
   "do":"kms-secretctl rbac"}]})")
                   .c_str());
}

TEST(ShowInspection, APlanNamesKeysByWhatBecomesOfThem) {
  STRCMP_EQUAL(R"(a/s: update (value_changed)
  added     new, newer
  changed   password
  removed   old
  kept      user
  marks     labels or annotations change
a/t: nothing to do
a/u: nothing would be written
  why       shared/x is denied
  do        grant it
1 update, 1 leave, 1 in trouble; nothing was written
)",
               shown(showPlan, R"({"targets":[
  {"cluster":"default","namespace":"a","name":"s","action":"update","reason":"value_changed","trouble":"",
   "labels_or_annotations_change":true,
   "keys":{"new":"added","newer":"added","old":"removed","password":"changed","user":"kept"}},
  {"cluster":"default","namespace":"a","name":"t","action":"leave","reason":"in_sync","trouble":"",
   "keys":{"k":"kept"}},
  {"cluster":"default","namespace":"a","name":"u","action":"refuse","trouble":"shared/x is denied","do":"grant it"}]})")
                   .c_str());
}

TEST(ShowInspection, LivesThroughReportsThatAreNotAsTheyShouldBe) {
  for (auto const* odd : {"{}", R"({"checks":[7],"targets":"x"})", R"({"targets":[{"keys":3}]})"}) {
    CHECK_FALSE(shown(showDoctor, odd).empty());
    CHECK_FALSE(shown(showPlan, odd).empty());
  }
}

TEST(ShowInspection, APlanSaysByWhichConfigurationItIs) {
  STRCMP_EQUAL(R"(the configuration on disk, as a reload would take it:
a/t: nothing to do
a/old: no longer defined
  then      it stays or is deleted, as its deletion_policy said
1 leave; nothing was written
)",
               shown(showPlan, R"({"configuration":"on disk","complete":true,"wanted":1,"targets":[
  {"cluster":"default","namespace":"a","name":"t","action":"leave","trouble":""}],
  "no_longer_defined":[{"cluster":"default","namespace":"a","name":"old"}]})")
                   .c_str());
  STRCMP_CONTAINS("the configuration in force:",
                  shown(showPlan, R"({"configuration":"in force"})").c_str());
  STRCMP_CONTAINS("the configuration on disk, without the running daemon:",
                  shown(showPlan, R"({"configuration":"offline"})").c_str());
}

TEST(ShowInspection, APlanThatHadNoTimeForAllSaysSo) {
  STRCMP_CONTAINS("the time was over: 1 of 3 were looked at; give it more by --timeout",
                  shown(showPlan, R"({"complete":false,"wanted":3,"targets":[
  {"cluster":"default","namespace":"a","name":"t","action":"leave","trouble":""}]})")
                      .c_str());
}

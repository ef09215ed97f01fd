// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "backends/printable.hpp"

#include <CppUTest/TestHarness.h>

using kms_secretd::backends::boundedText;
using kms_secretd::backends::isPrintable;
using kms_secretd::backends::printable;

TEST_GROUP(Printable){void becomes(std::string_view text, std::string const& expected){
    STRCMP_EQUAL(expected.c_str(), printable(text, 100).c_str());
CHECK_EQUAL(text == expected, isPrintable(text, 100));
}
}
;

TEST(Printable, LeavesTextOfAnyScriptAlone) {
  becomes("plain text", "plain text");
  becomes("gr\xC3\xBC\xC3\x9F \xE5\xAF\x86\xE9\x92\xA5 \xF0\x9F\x94\x91",
          "gr\xC3\xBC\xC3\x9F \xE5\xAF\x86\xE9\x92\xA5 \xF0\x9F\x94\x91");
  becomes("", "");
}

TEST(Printable, BlanksControlCharactersOfAllThreeRanges) {
  becomes(std::string_view("a\0b\n\x1b[0m\x7f", 9), "a b  [0m ");
  becomes(
      "a\xC2\x9B"
      "31mb",
      "a 31mb");
}

TEST(Printable, MarksWhatIsNotUtf8) {
  becomes("\xFF\xFE", "??");
  becomes("\xC0\xAF", "??");            // overlong
  becomes("\xE0\x80\xAF", "???");       // overlong
  becomes("\xED\xA0\x80", "???");       // surrogate
  becomes("\xF4\x90\x80\x80", "????");  // over U+10FFFF
  becomes("\xF0\x9F\x94", "???");       // cut
  becomes("\x80", "?");                 // no lead byte
}

TEST(Printable, CutsBetweenCharacters) {
  STRCMP_EQUAL("ab", printable("abc", 2).c_str());
  STRCMP_EQUAL("a", printable("a\xC3\xBC", 2).c_str());
  STRCMP_EQUAL("a\xC3\xBC", printable("a\xC3\xBC", 3).c_str());
  CHECK_FALSE(isPrintable("abc", 2));
}

TEST(Printable, ReadsNoFurtherThanAllowed) {
  STRCMP_EQUAL("", boundedText(nullptr, 10).c_str());
  char const open[3] = {'a', 'b', 'c'};
  STRCMP_EQUAL("abc", boundedText(open, sizeof open).c_str());
}

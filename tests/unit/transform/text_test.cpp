// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "transform/encoding.hpp"
#include "transform/template_text.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using core::Encoding;
using namespace std::string_view_literals;
using transform::decoded;
using transform::encoded;
using transform::renderTemplate;
using transform::templateFault;

namespace {

std::string bytesOf(std::mt19937& random, std::size_t length) {
  std::string bytes;
  for (std::size_t i = 0; i < length; ++i) bytes += static_cast<char>(random() & 0xffU);
  return bytes;
}

std::size_t faultAt(Encoding encoding, std::string_view text) {
  auto const result = decoded(encoding, text);
  auto const* fault = std::get_if<transform::DecodeFault>(&result);
  return fault == nullptr ? 999 : fault->offset;
}

std::string rendered(std::string_view text, transform::TemplateValues const& values) {
  if (auto const fault = templateFault(text, nullptr)) return "! " + fault->message;
  auto const result = renderTemplate(text, values);
  if (auto const* fault = std::get_if<transform::SyntaxFault>(&result))
    return "! " + fault->message;
  return std::get<std::string>(result);
}

}  // namespace

TEST_GROUP(Encodings){};

TEST(Encodings, MeanWhatTheirStandardsSay) {
  CHECK_EQUAL(std::string("Zm9vYmFy"), encoded(Encoding::base64, "foobar"));
  CHECK_EQUAL(std::string("Zm9vYmE="), encoded(Encoding::base64, "fooba"));
  CHECK_EQUAL(std::string("Zg=="), encoded(Encoding::base64, "f"));
  CHECK_EQUAL(std::string("-_8"), encoded(Encoding::base64url, "\xfb\xff"));
  CHECK_EQUAL(std::string("00ff"), encoded(Encoding::hex, "\0\xff"sv));
}

TEST(Encodings, GiveBackEveryByte) {
  std::mt19937 random(7);
  for (std::size_t length = 0; length < 300; ++length) {
    auto const bytes = bytesOf(random, length);
    for (auto const encoding :
         {Encoding::none, Encoding::base64, Encoding::base64url, Encoding::hex}) {
      CHECK_TRUE(std::get<std::string>(decoded(encoding, encoded(encoding, bytes))) == bytes);
    }
  }
}

TEST(Encodings, TakeOnlyWhatIsWellFormed) {
  CHECK_EQUAL(3U, faultAt(Encoding::base64, "Zg=Z"));
  CHECK_EQUAL(2U, faultAt(Encoding::base64, "Zg"));
  CHECK_EQUAL(4U, faultAt(Encoding::base64, "Zh=="));
  CHECK_EQUAL(1U, faultAt(Encoding::base64, "Z"));
  CHECK_EQUAL(1U, faultAt(Encoding::base64, "Z-=="));
  CHECK_EQUAL(2U, faultAt(Encoding::base64, "Zm 9v"));
  CHECK_EQUAL(5U, faultAt(Encoding::base64, "Zg==="));
  CHECK_EQUAL(999U, faultAt(Encoding::base64, "Zm9v\r\nYmFy\n"));
  CHECK_EQUAL(999U, faultAt(Encoding::base64url, "Zg"));
  CHECK_EQUAL(999U, faultAt(Encoding::base64url, "Zg=="));
  CHECK_EQUAL(3U, faultAt(Encoding::base64url, "Zg="));
  CHECK_EQUAL(3U, faultAt(Encoding::hex, "abc"));
  CHECK_EQUAL(1U, faultAt(Encoding::hex, "ag"));
  CHECK_EQUAL(4U, faultAt(Encoding::hex, "abcd\n"));
}

TEST_GROUP(Templates){};

TEST(Templates, PutValuesIntoTextWithoutChangingAByte) {
  std::mt19937 random(11);
  for (std::size_t length = 0; length < 200; ++length) {
    auto const bytes = bytesOf(random, length * 7);
    auto const text = rendered("<{{v}}|{{{v}}}|{{& v }}>", {{"v", bytes}});
    CHECK_TRUE(text == "<" + bytes + "|" + bytes + "|" + bytes + ">");
  }
}

TEST(Templates, KeepEveryByteOfTheirOwnText) {
  std::string_view const text = "\r\n a\t\0b \xff }} { } <&>\"'\n\n"sv;
  CHECK_TRUE(rendered(text, {}) == text);
  CHECK_EQUAL(std::string(), rendered("", {}));
  CHECK_EQUAL(std::string("a\nb"), rendered("a\n{{! a note }}b", {}));
}

TEST(Templates, HelpersEncodeEscapeAndTrim) {
  transform::TemplateValues const values{{"a", " x\ty \n"}, {"q", "\"\\\n"}};
  CHECK_EQUAL(std::string("IHgJeSAK"), rendered("{{#b64}}{{a}}{{/b64}}", values));
  CHECK_EQUAL(std::string("x\ty"), rendered("{{#trim}}{{a}}{{/trim}}", values));
  CHECK_EQUAL(std::string("\"\\\"\\\\\\n\""), rendered("{{#json}}{{q}}{{/json}}", values));
  CHECK_EQUAL(std::string("eAl5"), rendered("{{#b64}}{{#trim}}{{a}}{{/trim}}{{/b64}}", values));
  CHECK_EQUAL(std::string("YWI="), rendered("{{# b64 }}ab{{/ b64 }}", {}));
  CHECK_EQUAL(std::string("! json: the text is not UTF-8"),
              rendered("{{#json}}{{a}}{{/json}}", {{"a", "\xff"}}));
}

TEST(Templates, NamesMayHaveDots) {
  CHECK_EQUAL(std::string("1"), rendered("{{tls.crt}}", {{"tls.crt", "1"}}));
  CHECK_EQUAL(std::string("! there is no value named 'tls.crt'"),
              rendered("{{tls.crt}}", {{"tls", "1"}}));
}

TEST(Templates, AMissingValueIsAnErrorAlsoInsideOfAHelper) {
  CHECK_EQUAL(std::string("! there is no value named 'b'"), rendered("{{a}}{{b}}", {{"a", "1"}}));
  CHECK_EQUAL(std::string("! there is no value named 'b'"),
              rendered("{{#b64}}{{#trim}}{{b}}{{/trim}}{{/b64}}", {}));
}

TEST(Templates, RenderTheSameTextEachTime) {
  transform::TemplateValues const values{{"a", "x"}, {"b", "y"}};
  std::string_view const text = "{{#b64}}{{a}}{{/b64}}{{#json}}{{b}}{{/json}}";
  auto const first = rendered(text, values);
  for (int i = 0; i < 50; ++i) CHECK_EQUAL(first, rendered(text, values));
}

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "transform/document.hpp"
#include "transform/number.hpp"
#include "transform/utf8.hpp"
#include "transform/value_builder.hpp"

namespace kms_secretd::transform {
namespace {

constexpr char const* plainTag = "?";   // as yaml-cpp tags what has none
constexpr char const* quotedTag = "!";  // and what stands in quotes
constexpr std::string_view coreTags = "tag:yaml.org,2002:";

// Ends the parse from within one of its events.
class Refused : public std::exception {
 public:
  Refused(YAML::Mark const& mark, std::string message)
      : fault{.message = std::move(message),
              .line = static_cast<std::size_t>(mark.line) + 1,
              .column = static_cast<std::size_t>(mark.column) + 1} {}
  ReadFault fault;
};

template <std::size_t N>
bool isOneOf(std::string_view text, std::array<std::string_view, N> const& words) {
  return std::ranges::find(words, text) != words.end();
}

std::string_view withoutSign(std::string_view text) {
  return text.starts_with('+') || text.starts_with('-') ? text.substr(1) : text;
}

bool isNotFinite(std::string_view text) {
  return isOneOf(withoutSign(text), std::array<std::string_view, 3>{".inf", ".Inf", ".INF"}) ||
         isOneOf(text, std::array<std::string_view, 3>{".nan", ".NaN", ".NAN"});
}

// What some programs write for these numbers where JSON has no word for them.
bool isNotFiniteInBrokenJson(std::string_view text) {
  return text == "NaN" || withoutSign(text) == "Infinity";
}

std::optional<Value> boolean(std::string const& text) {
  if (isOneOf(text, std::array<std::string_view, 3>{"true", "True", "TRUE"})) {
    return Value::boolean(true, text);
  }
  if (isOneOf(text, std::array<std::string_view, 3>{"false", "False", "FALSE"})) {
    return Value::boolean(false, text);
  }
  return std::nullopt;
}

// A scalar without quotes or tag by the core schema.
Value plain(std::string const& text) {
  if (auto const truth = boolean(text)) return *truth;
  return isYamlNumber(text) ? Value::number(text) : Value::string(text);
}

class Events final : public YAML::EventHandler {
 public:
  explicit Events(bool looksLikeJson) : looksLikeJson_(looksLikeJson) {}

  void OnDocumentStart(YAML::Mark const&) override {}
  void OnDocumentEnd() override {}
  void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    if (builder_.wantsName()) {
      name(mark, "null", false);
    } else {
      add(mark, anchor, {});
    }
  }
  void OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    auto const at = anchors_.find(anchor);
    if (at == anchors_.end()) throw Refused(mark, "an alias stands inside of what it names");
    if (builder_.wantsName()) {
      if (at->second.depth > 0) throw Refused(mark, "a key is no scalar");
      return name(mark, at->second.value.text(), false);
    }
    insert(mark, at->second);
  }
  // yaml-cpp makes one byte of each of the escapes \N and \_ (U+0085, U+00A0), which is no UTF-8.
  void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                std::string const& read) override {
    auto const text = isUtf8(read) ? read : latinAsUtf8(read);
    auto value = resolved(mark, tag, text);
    if (!builder_.wantsName()) return add(mark, anchor, {.value = std::move(value)});
    if (anchor != YAML::NullAnchor) anchors_[anchor] = {.value = std::move(value)};
    name(mark, text, tag == plainTag);
  }
  void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(mark, tag, anchor, false);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(mark, tag, anchor, true);
  }
  void OnMapEnd() override { end(); }

  [[nodiscard]] Value const& value() const noexcept { return builder_.last().value; }

 private:
  struct Open {
    YAML::Mark mark{};
    YAML::anchor_t anchor = YAML::NullAnchor;
  };

  static void check(YAML::Mark const& mark, ValueBuilder::Refusal why) {
    if (why != nullptr) throw Refused(mark, why);
  }

  Value resolved(YAML::Mark const& mark, std::string const& tag, std::string const& text) const {
    if (tag == quotedTag) return Value::string(text);
    if (tag == plainTag || tag.empty()) {
      if (isNotFinite(text) || (looksLikeJson_ && isNotFiniteInBrokenJson(text))) {
        throw Refused(mark, "a number is infinite or not a number");
      }
      return plain(text);
    }
    return tagged(mark, tag, text);
  }

  static Value tagged(YAML::Mark const& mark, std::string const& tag, std::string const& text) {
    auto const name = tag.starts_with(coreTags) ? tag.substr(coreTags.size()) : "";
    if (name == "str" || name == "timestamp") return Value::string(text);
    if ((name == "int" || name == "float") && isYamlNumber(text)) return Value::number(text);
    if (name == "bool" && boolean(text)) return *boolean(text);
    if (name == "null") return {};
    throw Refused(mark, "a tag is none of YAML's core schema, or does not fit its text");
  }

  void name(YAML::Mark const& mark, std::string const& text, bool isPlain) {
    check(mark, isPlain && text == "<<" ? builder_.mergeNext() : builder_.name(text));
  }

  void begin(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor, bool object) {
    if (builder_.wantsName()) throw Refused(mark, "a key is no scalar");
    auto const core = std::string(coreTags) + (object ? "map" : "seq");
    if (tag != plainTag && tag != quotedTag && !tag.empty() && tag != core) {
      throw Refused(mark, "a tag is none of YAML's core schema, or does not fit its text");
    }
    open_.push_back({mark, anchor});
    check(mark, builder_.begin(object));
  }

  void end() {
    auto const open = open_.back();
    open_.pop_back();
    check(open.mark, builder_.end());
    if (open.anchor != YAML::NullAnchor) anchors_[open.anchor] = builder_.last();
  }

  void add(YAML::Mark const& mark, YAML::anchor_t anchor, BuiltValue value) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = value;
    insert(mark, std::move(value));
  }

  void insert(YAML::Mark const& mark, BuiltValue value) {
    check(mark, builder_.add(std::move(value)));
  }

  ValueBuilder builder_{};
  std::map<YAML::anchor_t, BuiltValue> anchors_{};
  std::vector<Open> open_{};
  bool looksLikeJson_;
};

// What yaml-cpp would take for the end of the text, or silently replace.
bool isReadable(std::string_view text) {
  return isUtf8(text) && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
         });
}

bool looksLikeJson(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

// The messages of yaml-cpp that repeat what they read end with it, behind a colon.
std::string withoutContent(std::string const& message) {
  return "not YAML: " + message.substr(0, message.find(": "));
}

ReadResult parse(std::string_view text) {
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  Events events(looksLikeJson(text));
  if (!parser.HandleNextDocument(events)) return ReadFault{"it is empty"};
  auto value = events.value();
  Events second(false);
  if (parser.HandleNextDocument(second)) return ReadFault{"it holds a second YAML document"};
  return value;
}

}  // namespace

ReadResult readYaml(std::string_view text) {
  if (text.size() > maxDocumentBytes) return ReadFault{"it is larger than 1 MiB"};
  if (!isReadable(text)) {
    return ReadFault{.message = "not YAML: it has bytes that are no text", .otherLanguage = true};
  }
  try {
    return parse(text);
  } catch (Refused const& refused) {
    return refused.fault;
  } catch (YAML::Exception const& error) {
    auto fault = Refused(error.mark, withoutContent(error.msg)).fault;
    fault.otherLanguage = true;
    return fault;
  }
}

ReadResult readDocument(std::string_view text) {
  auto json = readJson(text);
  auto const* broken = std::get_if<ReadFault>(&json);
  if (broken == nullptr || !broken->otherLanguage) return json;
  auto yaml = readYaml(text);
  // Of two grammars that do not fit, the one is told that was probably meant.
  return std::holds_alternative<ReadFault>(yaml) && looksLikeJson(text) ? json : yaml;
}

}  // namespace kms_secretd::transform

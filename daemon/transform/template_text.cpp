// SPDX-License-Identifier: Apache-2.0
#include "transform/template_text.hpp"

#include <algorithm>
#include <array>

#include <kainjow/mustache.hpp>

#include "transform/encoding.hpp"
#include "transform/json_text.hpp"
#include "transform/utf8.hpp"

namespace kms_secretd::transform {
namespace {

namespace mustache = kainjow::mustache;

constexpr std::size_t maxTemplateBytes = std::size_t{64} << 10;
constexpr std::size_t maxSections = 16;
constexpr std::array<std::string_view, 3> helpers{"b64", "json", "trim"};

// What other template languages offer and what would make another text in each round.
constexpr std::array<std::string_view, 14> unsteady{
    "now",         "date",      "htpasswd",      "bcrypt",           "uuid",
    "uuidv4",      "random",    "rand",          "randAlpha",        "randAlphaNum",
    "randNumeric", "randAscii", "genPrivateKey", "genSelfSignedCert"};

template <std::size_t N>
bool isOneOf(std::array<std::string_view, N> const& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string quoted(std::string_view name) {
  std::string text("'");
  return text.append(name.substr(0, 80)).append("'");
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  auto const first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// One {{...}}.
struct Tag {
  std::size_t offset = 0;
  char sigil = ' ';  // '#', '/', '!', ...; ' ' = a value
  std::string_view name{};
};

// Looks at every tag of a template, in their order.
class Scanner {
 public:
  Scanner(std::string_view text, std::vector<std::string> const* names)
      : text_(text), names_(names) {}

  std::optional<SyntaxFault> run() {
    if (text_.size() > maxTemplateBytes) return SyntaxFault{0, "it is longer than 64 KiB"};
    for (auto at = text_.find("{{"); at != std::string_view::npos; at = text_.find("{{", at_)) {
      Tag tag{.offset = at};
      if (!read(tag)) return SyntaxFault{at, "the tag is not closed: write '{{' as {{name}}"};
      if (auto fault = faultOf(tag)) return fault;
    }
    if (open_.empty()) return std::nullopt;
    return SyntaxFault{open_.back().offset,
                       "{{#" + std::string(open_.back().name) + "}} is not closed"};
  }

 private:
  bool read(Tag& tag) {
    bool const triple = text_.substr(tag.offset).starts_with("{{{");
    auto const start = tag.offset + (triple ? 3 : 2);
    auto const end = text_.find(triple ? "}}}" : "}}", start);
    if (end == std::string_view::npos) return false;
    at_ = end + (triple ? 3 : 2);
    auto inside = trimmed(text_.substr(start, end - start));
    constexpr std::string_view sigils = "#^/>!=&$<";
    if (!triple && !inside.empty() && sigils.find(inside[0]) != std::string_view::npos) {
      tag.sigil = inside[0] == '&' ? ' ' : inside[0];
      inside = trimmed(inside.substr(1));
    }
    tag.name = inside;
    return true;
  }

  std::optional<SyntaxFault> faultOf(Tag const& tag) {
    switch (tag.sigil) {
      case '!':
        return std::nullopt;
      case ' ':
        return valueFault(tag);
      case '#':
        return sectionFault(tag);
      case '/':
        return endFault(tag);
      case '>':
        return SyntaxFault{tag.offset, "other templates cannot be taken in"};
      case '=':
        return SyntaxFault{tag.offset, "the delimiters stay {{ and }}"};
      default:
        return SyntaxFault{tag.offset, "there are no conditions; write {{name}} or {{#helper}}"};
    }
  }

  std::optional<SyntaxFault> valueFault(Tag const& tag) const {
    bool const odd = tag.name.empty() || tag.name.starts_with('.') ||
                     tag.name.find_first_of(" \t\r\n{}|()\"'$") != std::string_view::npos;
    if (odd) {
      return SyntaxFault{tag.offset,
                         "this is no name of a value; write {{name}}, a helper as "
                         "{{#b64}}{{name}}{{/b64}}"};
    }
    if (isOneOf(helpers, tag.name)) {
      return SyntaxFault{tag.offset, quoted(tag.name) + " is a helper: write {{#" +
                                         std::string(tag.name) + "}}...{{/" +
                                         std::string(tag.name) + "}}"};
    }
    if (names_ == nullptr || std::ranges::find(*names_, tag.name) != names_->end()) {
      return std::nullopt;
    }
    return unknownFault(tag, "there is no value named ");
  }

  static SyntaxFault unknownFault(Tag const& tag, char const* what) {
    if (isOneOf(unsteady, tag.name)) {
      return {tag.offset, quoted(tag.name) +
                              " is refused: it would make another text in each round, and the "
                              "Secret would be written each time; keep such a value in KMS"};
    }
    return {tag.offset, what + quoted(tag.name)};
  }

  std::optional<SyntaxFault> sectionFault(Tag const& tag) {
    if (!isOneOf(helpers, tag.name)) {
      return unknownFault(tag, "helpers are b64, json and trim, there is none named ");
    }
    if (open_.size() >= maxSections) return SyntaxFault{tag.offset, "helpers are nested too deep"};
    open_.push_back(tag);
    return std::nullopt;
  }

  std::optional<SyntaxFault> endFault(Tag const& tag) {
    if (open_.empty() || open_.back().name != tag.name) {
      return SyntaxFault{tag.offset, "this closes nothing that is open"};
    }
    open_.pop_back();
    return std::nullopt;
  }

  std::string_view text_;
  std::vector<std::string> const* names_;
  std::size_t at_ = 0;
  std::vector<Tag> open_{};
};

// What the engine looks names up in. It cannot be stopped, so it notes the first fault.
class Names final : public mustache::basic_context<std::string> {
 public:
  explicit Names(TemplateValues const& values) : values_(values) {
    add("b64", [](std::string const& text) { return encoded(core::Encoding::base64, text); });
    add("trim", [](std::string const& text) { return std::string(trimmed(text)); });
    add("json", [this](std::string const& text) {
      if (!isUtf8(text)) note("json: the text is not UTF-8");
      std::string json;
      appendJsonString(json, text);
      return json;
    });
  }

  void push(mustache::data const*) override {}
  void pop() override {}
  mustache::data const* get_partial(std::string const&) const override { return nullptr; }
  mustache::data const* get(std::string const& name) const override {
    auto const helper = helpers_.find(name);
    if (helper != helpers_.end()) return &helper->second;
    auto const value = values_.find(name);
    if (value == values_.end()) {
      note("there is no value named " + quoted(name));
      return nullptr;
    }
    current_ = mustache::data(std::string(value->second));
    return &current_;
  }

  [[nodiscard]] std::string const& fault() const noexcept { return fault_; }

 private:
  using Helper = std::function<std::string(std::string const&)>;
  void add(char const* name, Helper const& helper) {
    mustache::lambda2 const around = [helper](std::string const& text,
                                              mustache::renderer const& render) {
      return helper(render(text, false));
    };
    helpers_.emplace(name, mustache::data(mustache::lambda_t(around)));
  }
  void note(std::string fault) const {
    if (fault_.empty()) fault_ = std::move(fault);
  }

  TemplateValues const& values_;
  std::map<std::string, mustache::data> helpers_{};
  mutable mustache::data current_{};  // what was looked up last: used before the next look
  mutable std::string fault_{};
};

}  // namespace

std::optional<SyntaxFault> templateFault(std::string_view text,
                                         std::vector<std::string> const* names) {
  return Scanner(text, names).run();
}

std::variant<std::string, SyntaxFault> renderTemplate(std::string_view text,
                                                      TemplateValues const& values) {
  mustache::mustache engine{std::string(text)};
  engine.set_custom_escape([](std::string const& value) { return value; });
  if (!engine.is_valid()) return SyntaxFault{0, "it is no Mustache"};
  Names names(values);
  auto result = engine.render(names);
  if (!engine.is_valid()) return SyntaxFault{0, "it is no Mustache"};
  if (!names.fault().empty()) return SyntaxFault{0, names.fault()};
  return result;
}

}  // namespace kms_secretd::transform

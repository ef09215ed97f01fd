// SPDX-License-Identifier: Apache-2.0
#include "transform/rewriting.hpp"

#include <algorithm>
#include <charconv>

namespace kms_secretd::transform {
namespace {

constexpr std::size_t maxPatternBytes = 1'024;

using re2::RE2;
using re2::StringPiece;
using Pattern = std::unique_ptr<RE2>;
using Piece = std::variant<std::string, int>;

StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

Pattern compiled(std::string_view pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  return std::make_unique<RE2>(piece(pattern), options);
}

bool isWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t wordLength(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, isWord) - text.begin());
}

// The number of a group by its name or number; nothing if the pattern has none such.
std::optional<int> groupOf(RE2 const& pattern, std::string_view name) {
  int number = 0;
  auto const* const end = name.data() + name.size();
  auto const [at, error] = std::from_chars(name.data(), end, number);
  if (error == std::errc{} && at == end) {
    return number <= pattern.NumberOfCapturingGroups() ? std::optional(number) : std::nullopt;
  }
  auto const& names = pattern.NamedCapturingGroups();
  auto const found = names.find(std::string(name));
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

// Cuts a replacement into literals and groups.
class ReplacementReader {
 public:
  ReplacementReader(RE2 const& pattern, std::string_view text) : pattern_(pattern), text_(text) {}

  std::variant<std::vector<Piece>, SyntaxFault> run() {
    while (at_ < text_.size()) {
      auto const rest = text_.substr(at_);
      if (rest[0] != '$') {
        literal(rest.substr(0, 1));
      } else if (rest.starts_with("$$")) {
        literal("$");
        ++at_;
      } else if (auto fault = group(rest)) {
        return *fault;
      }
    }
    return std::move(pieces_);
  }

 private:
  void literal(std::string_view text) {
    ++at_;
    if (pieces_.empty() || std::holds_alternative<int>(pieces_.back())) pieces_.emplace_back("");
    std::get<std::string>(pieces_.back()) += text;
  }

  std::optional<SyntaxFault> group(std::string_view rest) {
    bool const braces = rest.starts_with("${");
    auto const start = braces ? std::size_t{2} : std::size_t{1};
    auto const length = wordLength(rest.substr(start));
    auto const name = rest.substr(start, length);
    if (name.empty() && !braces) {
      literal("$");
      return std::nullopt;
    }
    bool const closed = !braces || rest.substr(start + length).starts_with('}');
    if (name.empty() || !closed) {
      return SyntaxFault{at_, "write ${name} with a group's name or number, or $$ for a '$'"};
    }
    auto const number = groupOf(pattern_, name);
    if (!number) {
      auto text = "the pattern has no group '" + std::string(name) + "'";
      return SyntaxFault{at_, text + "; write ${1}x where something follows a number"};
    }
    pieces_.emplace_back(*number);
    at_ += start + length + (braces ? 1 : 0);
    return std::nullopt;
  }

  RE2 const& pattern_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Piece> pieces_{};
};

std::vector<Pattern> compiledAll(std::vector<std::string> const& texts) {
  std::vector<Pattern> patterns;
  patterns.reserve(texts.size());
  for (auto const& text : texts) patterns.push_back(compiled(text));
  return patterns;
}

bool anyMatches(std::vector<Pattern> const& patterns, std::string_view text) {
  return std::ranges::any_of(
      patterns, [text](Pattern const& pattern) { return RE2::FullMatch(piece(text), *pattern); });
}

std::size_t codePointLength(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (at + length < text.size() &&
         (static_cast<unsigned char>(text[at + length]) & 0xc0U) == 0x80) {
    ++length;
  }
  return length;
}

}  // namespace

std::optional<SyntaxFault> patternFault(std::string_view pattern) {
  if (pattern.size() > maxPatternBytes) return SyntaxFault{0, "it is longer than 1 KiB"};
  auto const program = compiled(pattern);
  if (program->ok()) return std::nullopt;
  auto const& part = program->error_arg();
  auto const at = part.empty() ? 0 : pattern.find(std::string_view(part.data(), part.size()));
  return SyntaxFault{at == std::string_view::npos ? 0 : at, program->error()};
}

std::optional<SyntaxFault> replacementFault(std::string_view pattern,
                                            std::string_view replacement) {
  auto const program = compiled(pattern);
  if (!program->ok()) return SyntaxFault{0, "its pattern cannot be used"};
  auto read = ReplacementReader(*program, replacement).run();
  if (auto* fault = std::get_if<SyntaxFault>(&read)) return std::move(*fault);
  return std::nullopt;
}

Rewrite::Rewrite(std::string_view pattern, std::string_view replacement)
    : pattern_(compiled(pattern)) {
  pieces_ = std::get<std::vector<Piece>>(ReplacementReader(*pattern_, replacement).run());
}

std::string Rewrite::apply(std::string_view text) const {
  auto const groupCount = pattern_->NumberOfCapturingGroups() + 1;
  std::vector<StringPiece> groups(static_cast<std::size_t>(groupCount));
  std::string out;
  std::size_t done = 0;
  for (std::size_t from = 0; from <= text.size();) {
    if (!pattern_->Match(piece(text), from, text.size(), RE2::UNANCHORED, groups.data(),
                         groupCount)) {
      break;
    }
    auto const start = static_cast<std::size_t>(groups[0].data() - text.data());
    auto const end = start + groups[0].size();
    out += text.substr(done, start - done);
    // An empty match right behind another match is none of its own.
    if (end > done || start == 0) append(out, groups);
    done = end;
    auto const next = from < text.size() ? from + codePointLength(text, from) : from + 1;
    from = std::max(next, end);
  }
  return out.append(text.substr(done));
}

void Rewrite::append(std::string& out, std::vector<StringPiece> const& groups) const {
  for (auto const& each : pieces_) {
    if (auto const* literal = std::get_if<std::string>(&each)) {
      out += *literal;
    } else {
      auto const& group = groups[static_cast<std::size_t>(std::get<int>(each))];
      out.append(group.data() == nullptr ? "" : group.data(), group.size());
    }
  }
}

KeyRules::KeyRules(core::Extraction const& extraction)
    : include_(compiledAll(extraction.include)),
      exclude_(compiledAll(extraction.exclude)),
      stripPrefix_(extraction.stripPrefix),
      addPrefix_(extraction.addPrefix) {
  rewrites_.reserve(extraction.rules.size());
  for (auto const& rule : extraction.rules) rewrites_.emplace_back(rule.source, rule.target);
}

std::optional<std::string> KeyRules::keyOf(std::string_view member) const {
  if (!include_.empty() && !anyMatches(include_, member)) return std::nullopt;
  if (anyMatches(exclude_, member)) return std::nullopt;
  if (member.starts_with(stripPrefix_)) member.remove_prefix(stripPrefix_.size());
  std::string key(member);
  for (auto const& rewrite : rewrites_) key = rewrite.apply(key);
  return addPrefix_ + key;
}

}  // namespace kms_secretd::transform

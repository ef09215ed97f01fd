// SPDX-License-Identifier: Apache-2.0
#include "transform/jmespath/lexer.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "transform/document.hpp"
#include "transform/jmespath/fault.hpp"

namespace kms_secretd::transform::jmespath {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isName(char c) { return isNameStart(c) || isDigit(c); }
bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

struct Sign {
  std::string_view text;
  TokenKind kind;
};

// The longer ones first.
constexpr std::array signs{Sign{"[]", TokenKind::flatten},
                           Sign{"[?", TokenKind::filter},
                           Sign{"||", TokenKind::logical_or},
                           Sign{"&&", TokenKind::logical_and},
                           Sign{"==", TokenKind::equal},
                           Sign{"!=", TokenKind::not_equal},
                           Sign{"<=", TokenKind::less_equal},
                           Sign{">=", TokenKind::greater_equal},
                           Sign{".", TokenKind::dot},
                           Sign{"*", TokenKind::star},
                           Sign{"[", TokenKind::left_bracket},
                           Sign{"]", TokenKind::right_bracket},
                           Sign{"{", TokenKind::left_brace},
                           Sign{"}", TokenKind::right_brace},
                           Sign{"(", TokenKind::left_parenthesis},
                           Sign{")", TokenKind::right_parenthesis},
                           Sign{",", TokenKind::comma},
                           Sign{":", TokenKind::colon},
                           Sign{"@", TokenKind::current},
                           Sign{"&", TokenKind::expression},
                           Sign{"|", TokenKind::pipe},
                           Sign{"!", TokenKind::logical_not},
                           Sign{"<", TokenKind::less},
                           Sign{">", TokenKind::greater}};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    while (skipBlanks()) tokens.push_back(next());
    tokens.push_back({.kind = TokenKind::end, .offset = text_.size()});
    return tokens;
  }

 private:
  bool skipBlanks() {
    while (at_ < text_.size() && isBlank(text_[at_])) ++at_;
    return at_ < text_.size();
  }

  Token next() {
    Token token{.offset = at_};
    char const c = text_[at_];
    if (isNameStart(c)) {
      token.kind = TokenKind::identifier;
      token.text = takeWhile(isName);
    } else if (isDigit(c) || c == '-') {
      token.kind = TokenKind::number;
      token.text = number();
    } else if (c == '"') {
      token.kind = TokenKind::quoted_identifier;
      token.text = quotedIdentifier();
    } else if (c == '\'' || c == '`') {
      token.kind = TokenKind::literal;
      token.literal = c == '`' ? literal() : rawString();
    } else {
      sign(token);
    }
    return token;
  }

  std::string takeWhile(bool (*wanted)(char)) {
    auto const start = at_;
    while (at_ < text_.size() && wanted(text_[at_])) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  std::string number() {
    std::string text;
    if (text_[at_] == '-') text = text_[at_++];
    text += takeWhile(isDigit);
    if (text == "-") fail(at_ - 1, "a digit must follow '-'");
    return text;
  }

  void sign(Token& token) {
    auto const rest = text_.substr(at_);
    auto const found =
        std::ranges::find_if(signs, [&](Sign const& sign) { return rest.starts_with(sign.text); });
    if (found == signs.end()) fail(at_, rest[0] == '=' ? "write '=='" : "unknown character");
    token.kind = found->kind;
    token.text = found->text;
    at_ += found->text.size();
  }

  // What stands between here and the next `quote` without a backslash before it; moves behind it.
  std::string_view quoted(char quote) {
    auto const start = ++at_;
    for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    if (at_ >= text_.size()) fail(start - 1, std::string("no closing ") + quote);
    return text_.substr(start, at_++ - start);
  }

  Value json(std::string const& text, std::size_t offset) const {
    auto result = readJson(text);
    if (auto const* fault = std::get_if<ReadFault>(&result)) fail(offset, fault->message);
    return std::get<Value>(std::move(result));
  }

  std::string quotedIdentifier() {
    auto const offset = at_;
    std::string text("\"");
    text.append(quoted('"')).append("\"");
    return json(text, offset).text();
  }

  // A backslash before the quote is taken away; every other one stays.
  static std::string unescaped(std::string_view text, char quote) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\\' && i + 1 < text.size()) {
        if (text[i + 1] != quote) result += '\\';
        ++i;
      }
      result += text[i];
    }
    return result;
  }

  Value literal() {
    auto const offset = at_;
    return json(unescaped(quoted('`'), '`'), offset);
  }

  Value rawString() { return Value::string(unescaped(quoted('\''), '\'')); }

  [[noreturn]] static void fail(std::size_t offset, std::string message) {
    throw Fault{.kind = FaultKind::syntax, .offset = offset, .message = std::move(message)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

char const* nameOf(FaultKind kind) noexcept {
  switch (kind) {
    case FaultKind::syntax:
      return "syntax";
    case FaultKind::unknown_function:
      return "unknown-function";
    case FaultKind::invalid_arity:
      return "invalid-arity";
    case FaultKind::invalid_type:
      return "invalid-type";
    case FaultKind::invalid_value:
      return "invalid-value";
    case FaultKind::limit:
      return "limit";
  }
  return "limit";
}

std::vector<Token> tokensOf(std::string_view expression) { return Lexer(expression).run(); }

}  // namespace kms_secretd::transform::jmespath

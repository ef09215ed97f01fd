// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "transform/jmespath/fault.hpp"
#include "transform/jmespath/functions.hpp"
#include "transform/jmespath/lexer.hpp"
#include "transform/jmespath/tree.hpp"

namespace kms_secretd::transform::jmespath {
namespace {

// How strongly a token binds what stands before it. What binds less than `endsProjection` ends a
// projection.
constexpr int endsProjection = 10;

int powerOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::pipe:
      return 1;
    case TokenKind::logical_or:
      return 2;
    case TokenKind::logical_and:
      return 3;
    case TokenKind::equal:
    case TokenKind::not_equal:
    case TokenKind::less:
    case TokenKind::less_equal:
    case TokenKind::greater:
    case TokenKind::greater_equal:
      return 5;
    case TokenKind::flatten:
      return 9;
    case TokenKind::star:
      return 20;
    case TokenKind::filter:
      return 21;
    case TokenKind::dot:
      return 40;
    case TokenKind::logical_not:
      return 45;
    case TokenKind::left_brace:
      return 50;
    case TokenKind::left_bracket:
      return 55;
    case TokenKind::left_parenthesis:
      return 60;
    default:
      return 0;
  }
}

NodeKind comparisonOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::equal:
      return NodeKind::equal;
    case TokenKind::not_equal:
      return NodeKind::not_equal;
    case TokenKind::less:
      return NodeKind::less;
    case TokenKind::less_equal:
      return NodeKind::less_equal;
    case TokenKind::greater:
      return NodeKind::greater;
    default:
      return NodeKind::greater_equal;
  }
}

// A Pratt parser: each token knows how to start an expression, or how to go on with one.
class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(tokensOf(text)) {}

  Node run() {
    auto node = expression(0);
    if (!is(TokenKind::end)) fail("this is not expected here");
    return node;
  }

 private:
  [[nodiscard]] Token const& token(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  [[nodiscard]] bool is(TokenKind kind) const { return token().kind == kind; }
  Token take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool takeIf(TokenKind kind) {
    bool const there = is(kind);
    if (there) take();
    return there;
  }
  void expect(TokenKind kind, char const* what) {
    if (!takeIf(kind)) fail(std::string(what) + " is missing here");
  }
  [[noreturn]] void fail(std::string message) const { fail(token().offset, std::move(message)); }
  [[noreturn]] static void fail(std::size_t offset, std::string message,
                                FaultKind kind = FaultKind::syntax) {
    throw Fault{.kind = kind, .offset = offset, .message = std::move(message)};
  }

  static Node made(NodeKind kind, std::size_t offset, std::vector<Node> children = {}) {
    Node node{.kind = kind, .offset = offset, .children = std::move(children)};
    for (auto const& child : node.children) node.depth = std::max(node.depth, child.depth + 1);
    if (node.depth > maxTreeDepth) fail(offset, "the expression is nested too deep");
    return node;
  }
  static std::vector<Node> two(Node first, Node second) {
    std::vector<Node> children;
    children.push_back(std::move(first));
    children.push_back(std::move(second));
    return children;
  }
  static std::vector<Node> one(Node only) {
    std::vector<Node> children;
    children.push_back(std::move(only));
    return children;
  }

  Node expression(int power) {
    if (++depth_ > maxTreeDepth) fail("the expression is nested too deep");
    auto left = start(take());
    while (power < powerOf(token().kind)) left = goOn(take(), std::move(left));
    --depth_;
    return left;
  }

  Node start(Token const& first) {
    switch (first.kind) {
      case TokenKind::literal: {
        auto node = made(NodeKind::literal, first.offset);
        node.literal = first.literal;
        return node;
      }
      case TokenKind::identifier:
        return is(TokenKind::left_parenthesis) ? call(first) : field(first);
      case TokenKind::quoted_identifier:
        if (is(TokenKind::left_parenthesis)) fail("a function's name stands without quotes");
        return field(first);
      case TokenKind::star:
        return valueProjection(first.offset, made(NodeKind::current, first.offset));
      case TokenKind::current:
        return made(NodeKind::current, first.offset);
      case TokenKind::filter:
        return filter(first.offset, made(NodeKind::current, first.offset));
      case TokenKind::flatten:
        return flatten(first.offset, made(NodeKind::current, first.offset));
      case TokenKind::left_brace:
        return multiHash(first.offset);
      case TokenKind::left_bracket:
        return bracket(first.offset);
      case TokenKind::logical_not:
        return made(NodeKind::logical_not, first.offset,
                    one(expression(powerOf(TokenKind::logical_not))));
      case TokenKind::left_parenthesis: {
        auto inner = expression(0);
        expect(TokenKind::right_parenthesis, "')'");
        return inner;
      }
      case TokenKind::end:
        fail(first.offset, "the expression ends too early");
      default:
        fail(first.offset, "this cannot start an expression");
    }
  }

  Node goOn(Token const& sign, Node left) {
    switch (sign.kind) {
      case TokenKind::dot:
        return dot(sign.offset, std::move(left));
      case TokenKind::pipe:
        return binary(NodeKind::pipe, sign, std::move(left));
      case TokenKind::logical_or:
        return binary(NodeKind::logical_or, sign, std::move(left));
      case TokenKind::logical_and:
        return binary(NodeKind::logical_and, sign, std::move(left));
      case TokenKind::filter:
        return filter(sign.offset, std::move(left));
      case TokenKind::flatten:
        return flatten(sign.offset, std::move(left));
      case TokenKind::left_bracket:
        return subscript(sign.offset, std::move(left));
      default:
        if (powerOf(sign.kind) == powerOf(TokenKind::equal)) {
          return binary(comparisonOf(sign.kind), sign, std::move(left));
        }
        fail(sign.offset, "this is not expected here");
    }
  }

  Node field(Token const& name) {
    auto node = made(NodeKind::field, name.offset);
    node.text = name.text;
    return node;
  }

  Node binary(NodeKind kind, Token const& sign, Node left) {
    return made(kind, sign.offset, two(std::move(left), expression(powerOf(sign.kind))));
  }

  Node dot(std::size_t offset, Node left) {
    if (takeIf(TokenKind::star)) return valueProjection(offset, std::move(left));
    auto right = behindDot(powerOf(TokenKind::dot));
    return made(NodeKind::chain, offset, two(std::move(left), std::move(right)));
  }

  Node behindDot(int power) {
    switch (token().kind) {
      case TokenKind::identifier:
      case TokenKind::quoted_identifier:
      case TokenKind::star:
        return expression(power);
      case TokenKind::left_bracket:
        return multiList(take().offset);
      case TokenKind::left_brace:
        return multiHash(take().offset);
      default:
        fail("a name, '*', '[' or '{' must follow '.'");
    }
  }

  // What is done with each of a projection's elements.
  Node projected(int power) {
    auto const kind = token().kind;
    if (powerOf(kind) < endsProjection) return made(NodeKind::current, token().offset);
    if (kind == TokenKind::left_bracket || kind == TokenKind::filter) return expressionOn(power);
    if (kind != TokenKind::dot) fail("this is not expected here");
    take();
    return behindDot(power);
  }

  // '[' and '[?' start an expression on the current value as well as they go on with one.
  Node expressionOn(int power) { return expression(power); }

  Node valueProjection(std::size_t offset, Node left) {
    auto right = projected(powerOf(TokenKind::star));
    return made(NodeKind::value_projection, offset, two(std::move(left), std::move(right)));
  }

  Node arrayProjection(std::size_t offset, Node left, int power) {
    auto right = projected(power);
    return made(NodeKind::array_projection, offset, two(std::move(left), std::move(right)));
  }

  Node flatten(std::size_t offset, Node left) {
    auto flat = made(NodeKind::flatten, offset, one(std::move(left)));
    return arrayProjection(offset, std::move(flat), powerOf(TokenKind::flatten));
  }

  Node filter(std::size_t offset, Node left) {
    auto condition = expression(0);
    expect(TokenKind::right_bracket, "']'");
    auto right = is(TokenKind::flatten) ? made(NodeKind::current, token().offset)
                                        : projected(powerOf(TokenKind::filter));
    auto children = two(std::move(left), std::move(right));
    children.push_back(std::move(condition));
    return made(NodeKind::filter, offset, std::move(children));
  }

  // '[' at the start of an expression.
  Node bracket(std::size_t offset) {
    auto current = made(NodeKind::current, offset);
    bool const star = is(TokenKind::star) && token(1).kind == TokenKind::right_bracket;
    if (star || is(TokenKind::number) || is(TokenKind::colon)) {
      return subscript(offset, std::move(current));
    }
    return multiList(offset);
  }

  // '[' behind an expression.
  Node subscript(std::size_t offset, Node left) {
    if (takeIf(TokenKind::star)) {
      expect(TokenKind::right_bracket, "']'");
      return arrayProjection(offset, std::move(left), powerOf(TokenKind::star));
    }
    auto inside = indexOrSlice(offset);
    bool const slice = inside.kind == NodeKind::slice;
    auto node = made(NodeKind::chain, offset, two(std::move(left), std::move(inside)));
    if (!slice) return node;
    return arrayProjection(offset, std::move(node), powerOf(TokenKind::star));
  }

  Node indexOrSlice(std::size_t offset) {
    auto node = made(NodeKind::index, offset);
    std::size_t part = 0;
    while (!is(TokenKind::right_bracket)) {
      if (takeIf(TokenKind::colon)) {
        if (++part > 2) fail("a slice has at most two ':'");
      } else if (is(TokenKind::number) && !node.bounds.at(part)) {
        node.bounds.at(part) = wholeNumber(take());
      } else {
        fail("a number, ':' or ']' is expected here");
      }
    }
    take();
    if (part > 0) node.kind = NodeKind::slice;
    if (part == 0 && !node.bounds[0]) fail(offset, "an index is missing");
    return node;
  }

  static std::int64_t wholeNumber(Token const& token) {
    std::int64_t number = 0;
    auto const* const end = token.text.data() + token.text.size();
    if (std::from_chars(token.text.data(), end, number).ec != std::errc{}) {
      fail(token.offset, "the number is too large");
    }
    return number;
  }

  Node multiList(std::size_t offset) {
    std::vector<Node> children;
    do {
      children.push_back(expression(0));
    } while (takeIf(TokenKind::comma));
    expect(TokenKind::right_bracket, "']' or ','");
    return made(NodeKind::multi_list, offset, std::move(children));
  }

  Node multiHash(std::size_t offset) {
    std::vector<std::string> names;
    std::vector<Node> children;
    do {
      if (!is(TokenKind::identifier) && !is(TokenKind::quoted_identifier)) {
        fail("a member's name is expected here");
      }
      names.push_back(take().text);
      expect(TokenKind::colon, "':'");
      children.push_back(expression(0));
    } while (takeIf(TokenKind::comma));
    expect(TokenKind::right_brace, "'}' or ','");
    auto node = made(NodeKind::multi_hash, offset, std::move(children));
    node.names = std::move(names);
    return node;
  }

  Node call(Token const& name) {
    auto const function = findFunction(name.text);
    if (!function) {
      fail(name.offset, "there is no function '" + name.text + "'", FaultKind::unknown_function);
    }
    take();
    std::vector<Node> arguments;
    while (!is(TokenKind::right_parenthesis)) {
      arguments.push_back(argument());
      if (!takeIf(TokenKind::comma)) break;
      if (is(TokenKind::right_parenthesis)) fail("an argument is missing here");
    }
    expect(TokenKind::right_parenthesis, "')' or ','");
    if (auto const why = arityFault(*function, arguments.size())) {
      fail(name.offset, *why, FaultKind::invalid_arity);
    }
    auto node = made(NodeKind::call, name.offset, std::move(arguments));
    node.function = *function;
    return node;
  }

  Node argument() {
    auto const offset = token().offset;
    if (!takeIf(TokenKind::expression)) return expression(0);
    return made(NodeKind::expression, offset, one(expression(0)));
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

Node parse(std::string_view expression) {
  if (expression.size() > maxExpressionBytes) {
    throw Fault{.kind = FaultKind::syntax, .message = "the expression is longer than 8 KiB"};
  }
  return Parser(expression).run();
}

}  // namespace kms_secretd::transform::jmespath

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "transform/jmespath/expression.hpp"
#include "transform/jmespath/functions.hpp"
#include "transform/number.hpp"

namespace kms_secretd::transform::jmespath {
namespace {

constexpr std::size_t maxSteps = 2'000'000;

bool isTrue(Value const& value) {
  switch (value.kind()) {
    case Kind::null:
      return false;
    case Kind::boolean:
      return value.truth();
    case Kind::number:
      return true;
    case Kind::string:
      return !value.text().empty();
    case Kind::array:
      return !value.elements().empty();
    case Kind::object:
      return !value.members().empty();
  }
  return false;
}

// Only numbers have an order; anything else makes null.
Value ordered(NodeKind kind, Value const& a, Value const& b) {
  if (!a.is(Kind::number) || !b.is(Kind::number)) return {};
  auto const order = compareNumbers(a.text(), b.text());
  switch (kind) {
    case NodeKind::less:
      return Value::boolean(order < 0);
    case NodeKind::less_equal:
      return Value::boolean(order <= 0);
    case NodeKind::greater:
      return Value::boolean(order > 0);
    default:
      return Value::boolean(order >= 0);
  }
}

class Evaluator {
 public:
  Value evaluate(Node const& node, Value const& current) {
    charge(1);
    switch (node.kind) {
      case NodeKind::current:
        return current;
      case NodeKind::literal:
        return node.literal;
      case NodeKind::field: {
        auto const* member = current.find(node.text);
        return member == nullptr ? Value{} : *member;
      }
      case NodeKind::index:
        return element(node, current);
      case NodeKind::slice:
        return slice(node, current);
      case NodeKind::chain:
      case NodeKind::pipe:
        return evaluate(node.children[1], evaluate(node.children[0], current));
      case NodeKind::flatten:
        return flatten(evaluate(node.children[0], current));
      case NodeKind::array_projection:
      case NodeKind::filter:
        return projection(node, evaluate(node.children[0], current));
      case NodeKind::value_projection:
        return valueProjection(node, evaluate(node.children[0], current));
      case NodeKind::multi_list:
        return multiList(node, current);
      case NodeKind::multi_hash:
        return multiHash(node, current);
      case NodeKind::call:
        return call(node, current);
      default:
        return logical(node, current);
    }
  }

 private:
  void charge(std::size_t steps) {
    steps_ += steps;
    if (steps_ <= maxSteps) return;
    throw Fault{.kind = FaultKind::limit,
                .message = "the expression takes more than 2000000 steps on this value"};
  }

  Value logical(Node const& node, Value const& current) {
    auto left = evaluate(node.children[0], current);
    switch (node.kind) {
      case NodeKind::logical_or:
        return isTrue(left) ? left : evaluate(node.children[1], current);
      case NodeKind::logical_and:
        return isTrue(left) ? evaluate(node.children[1], current) : left;
      case NodeKind::logical_not:
        return Value::boolean(!isTrue(left));
      case NodeKind::equal:
        return Value::boolean(left == evaluate(node.children[1], current));
      case NodeKind::not_equal:
        return Value::boolean(!(left == evaluate(node.children[1], current)));
      default:
        return ordered(node.kind, left, evaluate(node.children[1], current));
    }
  }

  static Value element(Node const& node, Value const& current) {
    if (!current.is(Kind::array)) return {};
    auto const size = static_cast<std::int64_t>(current.elements().size());
    auto index = *node.bounds[0];
    if (index < 0) index += size;
    if (index < 0 || index >= size) return {};
    return current.elements()[static_cast<std::size_t>(index)];
  }

  // Where a slice starts or stops, within the array.
  static std::int64_t bounded(std::optional<std::int64_t> bound, std::int64_t absent,
                              std::int64_t size, bool forwards) {
    if (!bound) return absent;
    auto const at = *bound < 0 ? *bound + size : *bound;
    return std::clamp<std::int64_t>(at, forwards ? 0 : -1, forwards ? size : size - 1);
  }

  Value slice(Node const& node, Value const& current) {
    auto const step = node.bounds[2].value_or(1);
    if (step == 0) {
      throw Fault{.kind = FaultKind::invalid_value,
                  .offset = node.offset,
                  .message = "the step of a slice must not be 0"};
    }
    if (!current.is(Kind::array)) return {};
    auto const& elements = current.elements();
    auto const size = static_cast<std::int64_t>(elements.size());
    bool const forwards = step > 0;
    auto const start = bounded(node.bounds[0], forwards ? 0 : size - 1, size, forwards);
    auto const stop = bounded(node.bounds[1], forwards ? size : -1, size, forwards);
    // A larger step selects the same, and does not overflow.
    auto const stride = std::clamp<std::int64_t>(step, -size - 1, size + 1);
    Value::Array chosen;
    for (auto i = start; forwards ? i < stop : i > stop; i += stride) {
      chosen.push_back(elements[static_cast<std::size_t>(i)]);
    }
    charge(chosen.size());
    return Value::array(std::move(chosen));
  }

  Value flatten(Value const& value) {
    if (!value.is(Kind::array)) return {};
    Value::Array flat;
    for (auto const& each : value.elements()) {
      if (each.is(Kind::array)) {
        charge(each.elements().size());
        flat.insert(flat.end(), each.elements().begin(), each.elements().end());
      } else {
        flat.push_back(each);
      }
    }
    charge(flat.size());
    return Value::array(std::move(flat));
  }

  void project(Node const& node, Value const& each, Value::Array& results) {
    auto result = evaluate(node, each);
    if (!result.is(Kind::null)) results.push_back(std::move(result));
  }

  Value projection(Node const& node, Value const& base) {
    if (!base.is(Kind::array)) return {};
    Value::Array results;
    for (auto const& each : base.elements()) {
      bool const fits = node.kind != NodeKind::filter || isTrue(evaluate(node.children[2], each));
      if (fits) project(node.children[1], each, results);
    }
    return Value::array(std::move(results));
  }

  Value valueProjection(Node const& node, Value const& base) {
    if (!base.is(Kind::object)) return {};
    Value::Array results;
    for (auto const& member : base.members()) project(node.children[1], member.value, results);
    return Value::array(std::move(results));
  }

  Value multiList(Node const& node, Value const& current) {
    if (current.is(Kind::null)) return {};
    Value::Array results;
    results.reserve(node.children.size());
    for (auto const& child : node.children) results.push_back(evaluate(child, current));
    return Value::array(std::move(results));
  }

  Value multiHash(Node const& node, Value const& current) {
    if (current.is(Kind::null)) return {};
    Value::Object results;
    results.reserve(node.children.size());
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      auto value = evaluate(node.children[i], current);
      auto const at = std::ranges::find(results, node.names[i], &Value::Member::name);
      if (at == results.end()) {
        results.push_back({node.names[i], std::move(value)});
      } else {
        at->value = std::move(value);
      }
    }
    return Value::object(std::move(results));
  }

  Value call(Node const& node, Value const& current) {
    std::vector<Argument> arguments;
    arguments.reserve(node.children.size());
    for (auto const& child : node.children) {
      if (child.kind == NodeKind::expression) {
        arguments.emplace_back(&child.children[0]);
      } else {
        arguments.emplace_back(evaluate(child, current));
      }
    }
    return callFunction(
        node.function,
        {.arguments = arguments, .offset = node.offset, .evaluate = evaluate_, .charge = charge_});
  }

  std::size_t steps_ = 0;
  std::function<Value(Node const&, Value const&)> const evaluate_ =
      [this](Node const& node, Value const& value) { return evaluate(node, value); };
  std::function<void(std::size_t)> const charge_ = [this](std::size_t steps) { charge(steps); };
};

}  // namespace

std::variant<Expression, Fault> Expression::compile(std::string_view text) {
  try {
    return Expression(parse(text));
  } catch (Fault& fault) {
    return std::move(fault);
  }
}

std::variant<Value, Fault> Expression::search(Value const& value) const {
  try {
    return Evaluator().evaluate(root_, value);
  } catch (Fault& fault) {
    return std::move(fault);
  }
}

}  // namespace kms_secretd::transform::jmespath

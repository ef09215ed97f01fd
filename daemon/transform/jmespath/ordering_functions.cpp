// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "transform/jmespath/fault.hpp"
#include "transform/jmespath/function_table.hpp"
#include "transform/number.hpp"

namespace kms_secretd::transform::jmespath {
namespace {

// Both are numbers, or both strings; strings by code points, which is the order of UTF-8.
bool before(Value const& a, Value const& b) {
  if (a.is(Kind::number)) return compareNumbers(a.text(), b.text()) < 0;
  return a.text() < b.text();
}

struct Keyed {
  Value key{};
  Value value{};
};

bool keyBefore(Keyed const& a, Keyed const& b) { return before(a.key, b.key); }

// Every element with what the expression makes of it: all numbers or all strings.
std::vector<Keyed> keyed(Call const& call) {
  std::vector<Keyed> entries;
  entries.reserve(call.value(0).elements().size());
  for (auto const& each : call.value(0).elements()) {
    auto key = call.evaluate(call.expression(1), each);
    bool const orderly = key.is(Kind::number) || key.is(Kind::string);
    if (!orderly || (!entries.empty() && !key.is(entries.front().key.kind()))) {
      throw Fault{.kind = FaultKind::invalid_type,
                  .offset = call.offset,
                  .message =
                      "the expression must make a number of every element, or a string of "
                      "every one; at element " +
                      std::to_string(entries.size()) + " it is of type " + nameOf(key.kind())};
    }
    entries.push_back({std::move(key), each});
  }
  return entries;
}

// The sum of whole numbers, where all of them and the sum have 64 bits.
std::optional<std::int64_t> wholeSum(Value::Array const& values) {
  std::int64_t sum = 0;
  for (auto const& each : values) {
    auto const number = toInteger(each.text());
    if (!number || __builtin_add_overflow(sum, *number, &sum)) return std::nullopt;
  }
  return sum;
}

double sumOf(Value::Array const& values) {
  double sum = 0;
  for (auto const& each : values) sum += each.asDouble();
  return sum;
}

}  // namespace

Value computed(double number, Call const& call) {
  if (!std::isfinite(number)) {
    throw Fault{.kind = FaultKind::invalid_value,
                .offset = call.offset,
                .message = "the result is too large for a number"};
  }
  return Value::number(shortest(number));
}

Value runAvg(Call const& call) {
  auto const& values = call.value(0).elements();
  if (values.empty()) return {};
  auto const count = static_cast<std::int64_t>(values.size());
  auto const whole = wholeSum(values);
  if (whole && *whole % count == 0) return Value::number(std::to_string(*whole / count));
  return computed(sumOf(values) / static_cast<double>(count), call);
}

Value runSum(Call const& call) {
  auto const& values = call.value(0).elements();
  if (auto const whole = wholeSum(values)) return Value::number(std::to_string(*whole));
  return computed(sumOf(values), call);
}

Value runMax(Call const& call) {
  auto const& values = call.value(0).elements();
  return values.empty() ? Value{} : *std::ranges::max_element(values, before);
}

Value runMin(Call const& call) {
  auto const& values = call.value(0).elements();
  return values.empty() ? Value{} : *std::ranges::min_element(values, before);
}

Value runMaxBy(Call const& call) {
  auto const entries = keyed(call);
  return entries.empty() ? Value{} : std::ranges::max_element(entries, keyBefore)->value;
}

Value runMinBy(Call const& call) {
  auto const entries = keyed(call);
  return entries.empty() ? Value{} : std::ranges::min_element(entries, keyBefore)->value;
}

Value runSort(Call const& call) {
  auto values = call.value(0).elements();
  call.charge(values.size());
  std::ranges::stable_sort(values, before);
  return Value::array(std::move(values));
}

Value runSortBy(Call const& call) {
  auto entries = keyed(call);
  std::ranges::stable_sort(entries, keyBefore);
  Value::Array values;
  values.reserve(entries.size());
  for (auto& entry : entries) values.push_back(std::move(entry.value));
  return Value::array(std::move(values));
}

}  // namespace kms_secretd::transform::jmespath

// SPDX-License-Identifier: Apache-2.0
#include "transform/jmespath/function_table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "transform/jmespath/fault.hpp"
#include "transform/number.hpp"
#include "transform/utf8.hpp"

namespace kms_secretd::transform::jmespath {
namespace {

Value text(std::string bytes, Call const& call) {
  call.charge(bytes.size() / 16);
  return Value::string(std::move(bytes));
}

Value runAbs(Call const& call) {
  auto number = jsonNumber(call.value(0).text());
  return Value::number(number.starts_with('-') ? number.substr(1) : std::move(number));
}

// Whole numbers stay as they are written, however long.
Value rounded(Call const& call, double (*round)(double)) {
  auto const number = jsonNumber(call.value(0).text());
  if (number.find_first_of(".eE") == std::string::npos) return Value::number(number);
  return computed(round(toDouble(number)), call);
}

Value runCeil(Call const& call) {
  return rounded(call, [](double number) { return std::ceil(number); });
}

Value runFloor(Call const& call) {
  return rounded(call, [](double number) { return std::floor(number); });
}

// For each place in `part`: how long a start of `part` ends there (Knuth, Morris, Pratt).
std::vector<std::size_t> startsWithin(std::string const& part) {
  std::vector<std::size_t> lengths(part.size(), 0);
  for (std::size_t i = 1, length = 0; i < part.size(); ++i) {
    while (length > 0 && part[i] != part[length]) length = lengths[length - 1];
    if (part[i] == part[length]) ++length;
    lengths[i] = length;
  }
  return lengths;
}

// Linear also where a long part almost fits at many places.
bool holds(std::string const& text, std::string const& part) {
  constexpr std::size_t shortPart = 32;
  if (part.size() <= shortPart) return text.find(part) != std::string::npos;
  auto const lengths = startsWithin(part);
  std::size_t length = 0;
  for (char const c : text) {
    while (length > 0 && c != part[length]) length = lengths[length - 1];
    if (c == part[length]) ++length;
    if (length == part.size()) return true;
  }
  return false;
}

Value runContains(Call const& call) {
  auto const& subject = call.value(0);
  auto const& search = call.value(1);
  if (subject.is(Kind::array)) {
    return Value::boolean(std::ranges::find(subject.elements(), search) !=
                          subject.elements().end());
  }
  return Value::boolean(search.is(Kind::string) && holds(subject.text(), search.text()));
}

Value runEndsWith(Call const& call) {
  return Value::boolean(call.value(0).text().ends_with(call.value(1).text()));
}

Value runStartsWith(Call const& call) {
  return Value::boolean(call.value(0).text().starts_with(call.value(1).text()));
}

Value runJoin(Call const& call) {
  std::string joined;
  bool first = true;
  for (auto const& each : call.value(1).elements()) {
    if (!first) joined += call.value(0).text();
    joined += each.text();
    first = false;
    call.charge((each.text().size() + call.value(0).text().size()) / 16);
  }
  return Value::string(std::move(joined));
}

Value runKeys(Call const& call) {
  Value::Array names;
  names.reserve(call.value(0).members().size());
  for (auto const& member : call.value(0).members()) names.push_back(Value::string(member.name));
  call.charge(names.size());
  return Value::array(std::move(names));
}

Value runValues(Call const& call) {
  Value::Array values;
  values.reserve(call.value(0).members().size());
  for (auto const& member : call.value(0).members()) values.push_back(member.value);
  call.charge(values.size());
  return Value::array(std::move(values));
}

Value runLength(Call const& call) {
  auto const& value = call.value(0);
  if (value.is(Kind::string)) return Value::number(std::to_string(codePoints(value.text())));
  auto const size = value.is(Kind::array) ? value.elements().size() : value.members().size();
  return Value::number(std::to_string(size));
}

Value runMap(Call const& call) {
  Value::Array results;
  results.reserve(call.value(1).elements().size());
  for (auto const& each : call.value(1).elements()) {
    results.push_back(call.evaluate(call.expression(0), each));
  }
  return Value::array(std::move(results));
}

Value runMerge(Call const& call) {
  Value::Object merged;
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    for (auto const& member : call.value(i).members()) {
      call.charge(1);
      auto const [at, isNew] = places.emplace(member.name, merged.size());
      if (isNew) {
        merged.push_back(member);
      } else {
        merged[at->second].value = member.value;
      }
    }
  }
  return Value::object(std::move(merged));
}

Value runNotNull(Call const& call) {
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    if (!call.value(i).is(Kind::null)) return call.value(i);
  }
  return {};
}

Value runReverse(Call const& call) {
  auto const& value = call.value(0);
  if (value.is(Kind::string)) return text(reversed(value.text()), call);
  Value::Array elements(value.elements().rbegin(), value.elements().rend());
  call.charge(elements.size());
  return Value::array(std::move(elements));
}

Value runToArray(Call const& call) {
  if (call.value(0).is(Kind::array)) return call.value(0);
  return Value::array({call.value(0)});
}

Value runToString(Call const& call) {
  if (call.value(0).is(Kind::string)) return call.value(0);
  return text(toJson(call.value(0)), call);
}

// A string that is a number of JSON keeps its digits.
Value runToNumber(Call const& call) {
  auto const& value = call.value(0);
  if (value.is(Kind::number)) return value;
  bool const numeric = value.is(Kind::string) && isJsonNumber(value.text());
  return numeric ? Value::number(value.text()) : Value{};
}

Value runType(Call const& call) { return Value::string(nameOf(call.value(0).kind())); }

constexpr std::array functions{
    Function{"abs", 1, false, {numbers}, runAbs},
    Function{"avg", 1, false, {numberArrays}, runAvg},
    Function{"ceil", 1, false, {numbers}, runCeil},
    Function{"contains", 2, false, {arrays | strings, anything}, runContains},
    Function{"ends_with", 2, false, {strings, strings}, runEndsWith},
    Function{"floor", 1, false, {numbers}, runFloor},
    Function{"join", 2, false, {strings, stringArrays}, runJoin},
    Function{"keys", 1, false, {objects}, runKeys},
    Function{"length", 1, false, {strings | arrays | objects}, runLength},
    Function{"map", 2, false, {expressions, arrays}, runMap},
    Function{"max", 1, false, {numberArrays | stringArrays}, runMax},
    Function{"max_by", 2, false, {arrays, expressions}, runMaxBy},
    Function{"merge", 1, true, {objects}, runMerge},
    Function{"min", 1, false, {numberArrays | stringArrays}, runMin},
    Function{"min_by", 2, false, {arrays, expressions}, runMinBy},
    Function{"not_null", 1, true, {anything}, runNotNull},
    Function{"reverse", 1, false, {arrays | strings}, runReverse},
    Function{"sort", 1, false, {numberArrays | stringArrays}, runSort},
    Function{"sort_by", 2, false, {arrays, expressions}, runSortBy},
    Function{"starts_with", 2, false, {strings, strings}, runStartsWith},
    Function{"sum", 1, false, {numberArrays}, runSum},
    Function{"to_array", 1, false, {anything}, runToArray},
    Function{"to_number", 1, false, {anything}, runToNumber},
    Function{"to_string", 1, false, {anything}, runToString},
    Function{"type", 1, false, {anything}, runType},
    Function{"values", 1, false, {objects}, runValues}};

}  // namespace

std::span<Function const> functionTable() noexcept { return functions; }

}  // namespace kms_secretd::transform::jmespath

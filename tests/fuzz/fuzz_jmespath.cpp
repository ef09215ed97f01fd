// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string>
#include <variant>

#include "target.hpp"
#include "transform/document.hpp"
#include "transform/jmespath/expression.hpp"

namespace kms_secretd::fuzz {
namespace {

using transform::Value;

Value const& searched() {
  static Value const value = std::get<Value>(transform::readJson(
      R"({"a":[1,2.5,"x",null,{"b":{"c":[[1],[2,[3]]]}}],"n":[3,1,2],"s":["b","a"],"o":{"k":"v"},
"t":"text","e":[],"people":[{"name":"a","age":30},{"name":"b","age":5}]})"));
  return value;
}

}  // namespace

// Whatever an expression makes can be written and read again.
void feed(std::string_view input) {
  auto const compiled = transform::jmespath::Expression::compile(input);
  auto const* expression = std::get_if<transform::jmespath::Expression>(&compiled);
  if (expression == nullptr) return;
  auto const result = expression->search(searched());
  auto const* value = std::get_if<Value>(&result);
  if (value == nullptr) return;
  auto const json = toJson(*value);
  auto const again = transform::readJson(json);
  auto const* fault = std::get_if<transform::ReadFault>(&again);
  if (fault != nullptr && fault->otherLanguage) std::abort();
}

std::vector<std::string_view> seeds() {
  return {"a[?b.c[0] == `[1]`] | [0].b.{x: c[], y: to_string(@)}",
          "sort_by(people, &age)[*].[name, age][] | join(',', [to_string([0])])",
          "sum(n) && avg(n) || max_by(people, &age).name",
          "people[?age > `10` && !(name == 'b')].name | reverse(@)",
          "a[::-1] | [?type(@) == 'number'] | map(&abs(@), @)",
          "merge(o, {\"q\\u00e9\": not_null(z, t)}).*",
          "`{\"a\": [1e7, \"\\`\"]}`.a[1]",
          "[length(t), contains(s, 'a'), starts_with(t, 'te'), keys(o), values(o)]",
          "n[1:3:2] | [ceil(`1.5`), floor(`-1.5`), to_number('1.10'), to_array(@)]"};
}

}  // namespace kms_secretd::fuzz

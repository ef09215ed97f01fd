// SPDX-License-Identifier: Apache-2.0
#include "transform/value.hpp"

#include <algorithm>

#include "transform/number.hpp"

namespace kms_secretd::transform {
namespace {

std::vector<Value::Member const*> byName(Value::Object const& members) {
  std::vector<Value::Member const*> sorted;
  sorted.reserve(members.size());
  for (auto const& member : members) sorted.push_back(&member);
  std::ranges::sort(sorted, {},
                    [](Value::Member const* member) -> std::string const& { return member->name; });
  return sorted;
}

bool sameMembers(Value::Object const& a, Value::Object const& b) {
  if (a.size() != b.size()) return false;
  return std::ranges::equal(byName(a), byName(b), [](auto const* left, auto const* right) {
    return left->name == right->name && left->value == right->value;
  });
}

}  // namespace

char const* nameOf(Kind kind) noexcept {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "boolean";
    case Kind::number:
      return "number";
    case Kind::string:
      return "string";
    case Kind::array:
      return "array";
    case Kind::object:
      return "object";
  }
  return "null";
}

Value Value::boolean(bool truth, std::string written) {
  return {Kind::boolean, truth, std::move(written)};
}

Value Value::boolean(bool truth) { return boolean(truth, truth ? "true" : "false"); }

Value Value::number(std::string written) { return {Kind::number, false, std::move(written)}; }

Value Value::string(std::string text) { return {Kind::string, false, std::move(text)}; }

Value Value::array(Array elements) {
  return {Kind::array, false, std::make_shared<Array const>(std::move(elements))};
}

Value Value::object(Object members) {
  return {Kind::object, false, std::make_shared<Object const>(std::move(members))};
}

double Value::asDouble() const { return toDouble(text()); }

Value::Array const& Value::elements() const {
  return *std::get<std::shared_ptr<Array const>>(content_);
}

Value::Object const& Value::members() const {
  return *std::get<std::shared_ptr<Object const>>(content_);
}

Value const* Value::find(std::string_view name) const noexcept {
  if (kind_ != Kind::object) return nullptr;
  auto const at = std::ranges::find(members(), name, &Member::name);
  return at == members().end() ? nullptr : &at->value;
}

bool operator==(Value const& a, Value const& b) {
  if (a.kind_ != b.kind_) return false;
  switch (a.kind_) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return a.truth_ == b.truth_;
    case Kind::number:
      return compareNumbers(a.text(), b.text()) == 0;
    case Kind::string:
      return a.text() == b.text();
    case Kind::array:
      return a.elements() == b.elements();
    case Kind::object:
      return sameMembers(a.members(), b.members());
  }
  return false;
}

}  // namespace kms_secretd::transform

// SPDX-License-Identifier: Apache-2.0
#include "transform/jmespath/functions.hpp"

#include <algorithm>
#include <array>

#include "transform/jmespath/fault.hpp"
#include "transform/jmespath/function_table.hpp"

namespace kms_secretd::transform::jmespath {
namespace {

unsigned bitOf(Kind kind) { return 1U << static_cast<unsigned>(kind); }

// True if the argument is of one of the types.
bool fits(Argument const& argument, unsigned types) {
  auto const* value = std::get_if<Value>(&argument);
  if (value == nullptr) return (types & expressions) != 0;
  if (value->is(Kind::array)) {
    auto const all = [&](Kind kind) {
      return std::ranges::all_of(value->elements(),
                                 [kind](Value const& each) { return each.is(kind); });
    };
    return (types & arrays) != 0 || ((types & numberArrays) != 0 && all(Kind::number)) ||
           ((types & stringArrays) != 0 && all(Kind::string));
  }
  return (types & bitOf(value->kind())) != 0;
}

struct TypeWord {
  unsigned bit;
  char const* word;
};
constexpr std::array typeWords{TypeWord{numbers, "number"},
                               TypeWord{strings, "string"},
                               TypeWord{arrays, "array"},
                               TypeWord{objects, "object"},
                               TypeWord{numberArrays, "array of numbers"},
                               TypeWord{stringArrays, "array of strings"},
                               TypeWord{expressions, "expression (&...)"}};

std::string wordsFor(unsigned types) {
  std::string text;
  for (auto const& [bit, word] : typeWords) {
    if ((types & bit) == 0) continue;
    if (!text.empty()) text += " or ";
    text += word;
  }
  return text;
}

std::string nameOf(Argument const& argument) {
  auto const* value = std::get_if<Value>(&argument);
  return value == nullptr ? "an expression" : "of type " + std::string(nameOf(value->kind()));
}

}  // namespace

std::optional<std::size_t> findFunction(std::string_view name) {
  auto const table = functionTable();
  auto const at = std::ranges::find(table, name, &Function::name);
  if (at == table.end()) return std::nullopt;
  return static_cast<std::size_t>(at - table.begin());
}

std::optional<std::string> arityFault(std::size_t function, std::size_t arguments) {
  auto const& entry = functionTable()[function];
  bool const good = entry.variadic ? arguments >= entry.parameters : arguments == entry.parameters;
  if (good) return std::nullopt;
  auto text = std::string(entry.name) + "() takes ";
  text += entry.variadic ? "at least " : "";
  text += std::to_string(entry.parameters) + (entry.parameters == 1 ? " argument" : " arguments");
  return text + ", not " + std::to_string(arguments);
}

std::vector<std::string> functionNames() {
  std::vector<std::string> names;
  names.reserve(functionTable().size());
  for (auto const& function : functionTable()) names.emplace_back(function.name);
  return names;
}

Value callFunction(std::size_t function, Call const& call) {
  auto const& entry = functionTable()[function];
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    auto const types = entry.types[std::min(i, entry.parameters - 1)];
    if (fits(call.arguments[i], types)) continue;
    auto text = std::string(entry.name) + "(): argument " + std::to_string(i + 1) + " is ";
    text += nameOf(call.arguments[i]) + ", not " + wordsFor(types);
    throw Fault{.kind = FaultKind::invalid_type, .offset = call.offset, .message = std::move(text)};
  }
  return entry.run(call);
}

}  // namespace kms_secretd::transform::jmespath

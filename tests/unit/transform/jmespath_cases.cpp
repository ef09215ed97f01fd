// SPDX-License-Identifier: Apache-2.0
#include "jmespath_cases.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <variant>

#include "transform/document.hpp"
#include "transform/jmespath/expression.hpp"

namespace kms_secretd::transform_test {

namespace fs = std::filesystem;
using transform::Value;
namespace jmespath = transform::jmespath;

namespace {

Value read(fs::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string const text((std::istreambuf_iterator<char>(stream)), {});
  auto result = transform::readJson(text);
  if (auto const* fault = std::get_if<transform::ReadFault>(&result)) {
    throw std::runtime_error(file.string() + ": " + fault->text());
  }
  return std::get<Value>(std::move(result));
}

std::string told(jmespath::Fault const& fault) {
  return std::string(jmespath::nameOf(fault.kind)) + " at " + std::to_string(fault.offset) + ": " +
         fault.message;
}

using Outcome = std::variant<Value, jmespath::Fault>;

Outcome run(JmespathCase const& test) {
  auto compiled = jmespath::Expression::compile(test.expression);
  if (auto* fault = std::get_if<jmespath::Fault>(&compiled)) return std::move(*fault);
  return std::get<jmespath::Expression>(compiled).search(test.given);
}

bool isExpectedFault(JmespathCase const& test, jmespath::Fault const& fault) {
  return test.fails && test.expected.text() == jmespath::nameOf(fault.kind) &&
         (test.offset < 0 || static_cast<std::size_t>(test.offset) == fault.offset);
}

}  // namespace

std::vector<JmespathCase> casesOf(fs::path const& file) {
  std::vector<JmespathCase> cases;
  auto const document = read(file);
  for (auto const& group : document.elements()) {
    for (auto const& each : group.find("cases")->elements()) {
      auto const* error = each.find("error");
      auto const* result = each.find("result");
      auto const* offset = each.find("offset");
      if (error == nullptr && result == nullptr) continue;  // a case to measure
      cases.push_back({.given = *group.find("given"),
                       .expression = each.find("expression")->text(),
                       .expected = error != nullptr ? *error : *result,
                       .fails = error != nullptr,
                       .offset = offset != nullptr ? std::stol(offset->text()) : -1});
    }
  }
  return cases;
}

std::string failureOf(JmespathCase const& test, bool exact) {
  auto const outcome = run(test);
  if (auto const* fault = std::get_if<jmespath::Fault>(&outcome)) {
    return isExpectedFault(test, *fault) ? "" : test.expression + " -> " + told(*fault);
  }
  auto const& value = std::get<Value>(outcome);
  bool const same = exact ? toJson(value) == toJson(test.expected) : value == test.expected;
  return !test.fails && same ? "" : test.expression + " -> " + toJson(value);
}

std::vector<fs::path> jsonFiles(fs::path const& directory) {
  std::vector<fs::path> files;
  for (auto const& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace kms_secretd::transform_test

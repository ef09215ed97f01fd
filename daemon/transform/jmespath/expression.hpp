// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <variant>

#include "transform/jmespath/fault.hpp"
#include "transform/jmespath/tree.hpp"
#include "transform/value.hpp"

namespace kms_secretd::transform::jmespath {

/// A compiled JMESPath expression (https://jmespath.org/specification.html, complete). Immutable;
/// any thread.
class Expression {
 public:
  /// Reads an expression, or says why and where it is none.
  [[nodiscard]] static std::variant<Expression, Fault> compile(std::string_view text);

  /// The result on `value`; null also where nothing is selected. Numbers that are only selected
  /// keep their text, computed ones print shortest. Whole numbers are compared and added exactly.
  /// Ends with FaultKind::limit before it uses more than some 100 MiB or some seconds.
  [[nodiscard]] std::variant<Value, Fault> search(Value const& value) const;

 private:
  explicit Expression(Node root) : root_(std::move(root)) {}

  Node root_;
};

}  // namespace kms_secretd::transform::jmespath

// SPDX-License-Identifier: Apache-2.0
#include "app/expression_judge.hpp"

#include <variant>

#include "transform/jmespath/expression.hpp"
#include "transform/rewriting.hpp"
#include "transform/template_text.hpp"

namespace kms_secretd::app {
namespace {

using Judgement = std::optional<config::ExpressionFault>;

Judgement judgePath(std::string_view text) {
  auto const compiled = transform::jmespath::Expression::compile(text);
  auto const* fault = std::get_if<transform::jmespath::Fault>(&compiled);
  if (fault == nullptr) return std::nullopt;
  return config::ExpressionFault{fault->offset, fault->message};
}

Judgement told(std::optional<transform::SyntaxFault> const& fault) {
  if (!fault) return std::nullopt;
  return config::ExpressionFault{fault->offset, fault->message};
}

}  // namespace

std::optional<config::ExpressionFault> judgeExpression(config::Expression const& expression) {
  switch (expression.language) {
    case config::Language::jmespath:
      return judgePath(expression.text);
    case config::Language::pattern:
      return told(transform::patternFault(expression.text));
    case config::Language::replacement:
      return told(transform::replacementFault(expression.pattern, expression.text));
    case config::Language::template_text:
      return told(transform::templateFault(expression.text, expression.names));
  }
  return std::nullopt;
}

}  // namespace kms_secretd::app

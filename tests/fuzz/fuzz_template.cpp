// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string>
#include <variant>

#include "target.hpp"
#include "transform/rewriting.hpp"
#include "transform/template_text.hpp"

namespace kms_secretd::fuzz {
namespace {

// A template without fault renders, and the same text each time, or names what is missing.
void renderTwice(std::string_view text) {
  if (transform::templateFault(text, nullptr)) return;
  transform::TemplateValues const values{{"a", "1"}, {"b.c", "{{a}} \xff"}, {"d", ""}};
  auto const first = transform::renderTemplate(text, values);
  auto const second = transform::renderTemplate(text, values);
  if (first.index() != second.index()) std::abort();
  auto const* made = std::get_if<std::string>(&first);
  if (made != nullptr && *made != std::get<std::string>(second)) std::abort();
}

// The first line as a pattern, the second as its replacement, the third as a key.
void rewrite(std::string_view input) {
  auto const first = input.find('\n');
  if (first == std::string_view::npos) return;
  auto const second = input.find('\n', first + 1);
  if (second == std::string_view::npos) return;
  auto const pattern = input.substr(0, first);
  auto const replacement = input.substr(first + 1, second - first - 1);
  if (transform::patternFault(pattern)) return;
  if (transform::replacementFault(pattern, replacement)) return;
  auto const text = input.substr(second + 1, 1'000);
  (void)transform::Rewrite(pattern, replacement).apply(text);
}

}  // namespace

void feed(std::string_view input) {
  renderTwice(input);
  rewrite(input);
}

std::vector<std::string_view> seeds() {
  return {"x={{a}}&{{{b.c}}} {{& d }}\r\n{{! note }}{{#b64}}{{#trim}} {{a}} {{/trim}}{{/b64}}\n",
          "{\"a\": {{#json}}{{b.c}}{{/json}}}", "{{#json}}{{/json}}{{ missing }}",
          "^(?P<x>a+)(b)?$\n${x}-$2$$\naab", "\\b|é*\n[$0]\nab é c"};
}

}  // namespace kms_secretd::fuzz

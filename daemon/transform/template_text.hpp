// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "transform/syntax_fault.hpp"

/// Templates: Mustache (https://mustache.github.io/mustache.5.html) without HTML escaping, partials
/// and conditions. {{name}} is a value; {{#b64}}, {{#json}} and {{#trim}} are helpers around text.
/// The result is a function of the values: no time, no chance, no file. Pure; any thread.
namespace kms_secretd::transform {

/// What a name of a template stands for.
using TemplateValues = std::map<std::string, std::string_view, std::less<>>;

/// What is wrong with a template whatever the values are. `names` are those that it may use; null =
/// they are not known yet.
[[nodiscard]] std::optional<SyntaxFault> templateFault(std::string_view text,
                                                       std::vector<std::string> const* names);

/// The text with the values in their places, or why not (a name that there is not, a helper that
/// cannot take its text). `text` must be without fault.
[[nodiscard]] std::variant<std::string, SyntaxFault> renderTemplate(std::string_view text,
                                                                    TemplateValues const& values);

}  // namespace kms_secretd::transform

// SPDX-License-Identifier: Apache-2.0
#include "config/expression_checks.hpp"

#include <optional>
#include <string>
#include <vector>

#include "config/option_views.hpp"
#include "config/text_position.hpp"

namespace kms_secretd::config {

namespace {

char const* wordFor(Language language) {
  switch (language) {
    case Language::jmespath:
      return "the path is no JMESPath";
    case Language::pattern:
      return "the pattern is no RE2";
    case Language::replacement:
      return "the replacement cannot be used";
    case Language::template_text:
      return "the template cannot be used";
  }
  return "the text cannot be used";
}

class ExpressionChecker {
 public:
  ExpressionChecker(CheckedTable const& secret, FileContext const& file)
      : secret_(secret), file_(file) {}

  void checkData(sdk::Options const& entry, std::string const& path) {
    auto const& paths = tablesOf(entry, "jmes_path");
    for (std::size_t i = 0; i < paths.size(); ++i) {
      auto const place = indexed(dotted(path, "jmes_path"), i);
      auto const text = paths[i].text("path");
      check({.language = Language::jmespath, .text = text}, dotted(place, "path"));
    }
  }

  void checkExtraction(sdk::Options const& entry, std::string const& path) {
    for (std::string const name : {"include", "exclude"}) {
      auto const patterns = entry.list(name);
      for (std::size_t i = 0; i < patterns.size(); ++i) {
        check({.language = Language::pattern, .text = patterns[i]}, indexed(dotted(path, name), i));
      }
    }
    auto const& rules = tablesOf(entry, "replace_rule");
    for (std::size_t i = 0; i < rules.size(); ++i) {
      auto const place = indexed(dotted(path, "replace_rule"), i);
      auto const source = rules[i].text("source");
      auto const target = rules[i].text("target");
      if (!check({.language = Language::pattern, .text = source}, dotted(place, "source")))
        continue;
      check({.language = Language::replacement, .text = target, .pattern = source},
            dotted(place, "target"));
    }
  }

  void checkTemplate(sdk::Options const& entry, std::string const& path,
                     std::vector<std::string> const* names) {
    auto const text = entry.text("text");
    check({.language = Language::template_text, .text = text, .names = names},
          dotted(path, "text"));
  }

 private:
  bool check(Expression const& expression, std::string const& path) {
    auto const start = secret_.textOrigins.find(path);
    if (start == secret_.textOrigins.end()) return true;  // not given, which is told elsewhere
    auto const fault = (*file_.expressions)(expression);
    if (!fault) return true;
    file_.findings.error(placeInString(file_.source.text, start->second, fault->offset),
                         wordFor(expression.language), fault->message);
    return false;
  }

  CheckedTable const& secret_;
  FileContext const& file_;
};

/// What a template may name; nothing where that shows only with the values.
std::optional<std::vector<std::string>> namesOf(core::TargetDefinition const& target) {
  if (!target.extractions.empty()) return std::nullopt;
  std::vector<std::string> names;
  for (auto const& entry : target.data) {
    if (entry.paths.empty()) names.push_back(entry.key);
    for (auto const& path : entry.paths) names.push_back(path.key);
  }
  return names;
}

}  // namespace

void checkExpressions(core::TargetDefinition const& target, CheckedTable const& secret,
                      FileContext const& file) {
  if (file.expressions == nullptr) return;
  ExpressionChecker checker(secret, file);
  auto const names = target.templates.empty() ? std::nullopt : namesOf(target);
  auto const each = [&](char const* name, auto const& check) {
    auto const& tables = tablesOf(secret.options, name);
    for (std::size_t i = 0; i < tables.size(); ++i) check(tables[i], indexed(name, i));
  };
  each("data", [&](auto const& entry, auto const& path) { checker.checkData(entry, path); });
  each("data_process",
       [&](auto const& entry, auto const& path) { checker.checkExtraction(entry, path); });
  each("template", [&](auto const& entry, auto const& path) {
    checker.checkTemplate(entry, path, names ? &*names : nullptr);
  });
}

}  // namespace kms_secretd::config

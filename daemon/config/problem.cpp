// SPDX-License-Identifier: Apache-2.0
#include "config/problem.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace kms_secretd::config {

namespace {

constexpr std::size_t maxErrors = 1'000;
constexpr std::size_t maxQuoted = 80;

std::string escaped(unsigned char byte) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\x%02x", byte);
  return text.data();
}

/// Where a cut at `limit` does not split a UTF-8 sequence.
std::size_t cutAt(std::string_view text, std::size_t limit) {
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0U) == 0x80U) --limit;
  return limit;
}

std::vector<Problem> inOrder(std::vector<Problem> problems, std::vector<std::string> const& files) {
  auto const rank = [&](Problem const& problem) {
    return std::ranges::find(files, problem.origin.file.str()) - files.begin();
  };
  std::ranges::stable_sort(problems, [&](Problem const& a, Problem const& b) {
    return std::pair(rank(a), std::pair(a.origin.line, a.origin.column)) <
           std::pair(rank(b), std::pair(b.origin.line, b.origin.column));
  });
  return problems;
}

}  // namespace

std::string Problem::text() const {
  auto const place = origin.line == 0 ? origin.file.str() : origin.text();
  return place + ": " + what + (hint.empty() ? "" : "; " + hint);
}

void Findings::error(core::Origin origin, std::string what, std::string hint) {
  if (errors_.size() < maxErrors) {
    errors_.push_back({std::move(origin), std::move(what), std::move(hint)});
  } else {
    ++suppressed_;
  }
}

void Findings::warning(core::Origin origin, std::string what, std::string hint) {
  if (warnings_.size() < maxErrors) {
    warnings_.push_back({std::move(origin), std::move(what), std::move(hint)});
  }
}

std::vector<Problem> Findings::errorsInOrder(std::vector<std::string> const& files) const {
  auto ordered = inOrder(errors_, files);
  if (suppressed_ != 0) {
    ordered.push_back({{.file = files.empty() ? "" : files.front()},
                       std::to_string(suppressed_) + " more errors are not shown",
                       "mend those above and look again"});
  }
  return ordered;
}

std::vector<Problem> Findings::warningsInOrder(std::vector<std::string> const& files) const {
  return inOrder(warnings_, files);
}

std::string shown(std::string_view text) {
  bool const cut = text.size() > maxQuoted;
  if (cut) text = text.substr(0, cutAt(text, maxQuoted));
  std::string quotation = "'";
  for (auto const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      quotation += escaped(byte);
    } else {
      quotation += c;
    }
  }
  return quotation + (cut ? "...'" : "'");
}

std::string oneOf(std::vector<std::string> const& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i != 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace kms_secretd::config

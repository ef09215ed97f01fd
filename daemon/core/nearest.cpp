// SPDX-License-Identifier: Apache-2.0
#include "core/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace kms_secretd::core {

namespace {

/// Longer words are nobody's slip of the keyboard, and the distance is quadratic.
constexpr std::size_t maxCompared = 64;

using Row = std::vector<std::size_t>;

std::string plain(std::string_view word) {
  std::string letters;
  for (auto const c : word) {
    if (c == '-' || c == '_') continue;
    letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return letters;
}

bool swapped(std::string_view a, std::string_view b, std::size_t i, std::size_t j) {
  return i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
}

}  // namespace

std::size_t editDistance(std::string_view a, std::string_view b) {
  Row beforeLast(b.size() + 1);
  Row last(b.size() + 1);
  Row row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto const replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (swapped(a, b, i, j)) row[j] = std::min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::optional<std::string> nearest(std::string_view word,
                                   std::vector<std::string> const& candidates) {
  if (word.size() > maxCompared) return std::nullopt;
  auto const letters = plain(word);
  auto best = std::max<std::size_t>(1, letters.size() / 3) + 1;
  std::optional<std::string> found;
  for (auto const& candidate : candidates) {
    if (candidate.size() > maxCompared) continue;
    auto const distance = editDistance(letters, plain(candidate));
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

}  // namespace kms_secretd::core

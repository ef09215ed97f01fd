// SPDX-License-Identifier: Apache-2.0
#include "core/feed_policy.hpp"

#include <algorithm>
#include <array>

namespace kms_secretd::core {
namespace {

struct Field {
  char const* word;
  GlobList const& globs;
  std::string const& text;
};

std::optional<FeedRefusal> refusalBy(FeedPolicy const& policy, TargetDefinition const& target,
                                     std::string const& store) {
  std::array const fields{Field{"cluster", policy.clusters, target.id.cluster},
                          Field{"namespace", policy.namespaces, target.id.namespaceName},
                          Field{"a Secret named", policy.names, target.id.name},
                          Field{"a Secret of type", policy.types, target.type}};
  auto const* const at = std::ranges::find_if(
      fields, [](Field const& field) { return !field.globs.admits(field.text); });
  if (at == fields.end()) return std::nullopt;
  auto what = "store '" + store + "' may not feed ";
  what += at->word;
  what += " '" + at->text + "'";
  return FeedRefusal{.what = std::move(what), .policy = policy.origin};
}

}  // namespace

// Greedy with one place to come back to: linear in practice, never exponential.
bool globMatches(std::string_view glob, std::string_view text) noexcept {
  constexpr auto none = std::string_view::npos;
  std::size_t at = 0;
  std::size_t star = none;
  std::size_t resume = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (at < glob.size() && glob[at] == '*') {
      star = at++;
      resume = i;
    } else if (at < glob.size() && (glob[at] == '?' || glob[at] == text[i])) {
      ++at;
      ++i;
    } else if (star != none) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', at) == none;
}

bool GlobList::admits(std::string_view text) const noexcept {
  auto const matches = [text](std::string const& glob) { return globMatches(glob, text); };
  if (std::ranges::any_of(exclude, matches)) return false;
  return include.empty() || std::ranges::any_of(include, matches);
}

std::optional<FeedRefusal> whyNotFed(std::vector<FeedPolicy> const& policies,
                                     TargetDefinition const& target) {
  if (policies.empty()) return std::nullopt;
  for (auto const& read : target.reads()) {
    for (auto const& policy : policies) {
      if (!policy.stores.admits(read.store)) continue;
      if (auto refusal = refusalBy(policy, target, read.store)) return refusal;
    }
  }
  return std::nullopt;
}

}  // namespace kms_secretd::core

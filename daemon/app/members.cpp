// SPDX-License-Identifier: Apache-2.0
#include "app/members.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view prefix = "member.kms-secretd.io/";
constexpr std::size_t most = 32;
constexpr std::size_t longestValue = 256;
constexpr sdk::Milliseconds announceInterval = 1min;
constexpr sdk::Milliseconds longestSilence = 150s;

bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_';
}

bool isPlain(std::string const& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return isPlain(c); });
}

}  // namespace

void Members::observed(Annotations const& annotations, sdk::BootTime now) {
  present_ = annotations.contains(std::string(prefix) + self_.id);
  std::map<std::string, Seen> seen;
  for (auto const& [name, value] : annotations) {
    auto const ours = name == std::string(prefix) + self_.id;
    if (!name.starts_with(prefix) || ours || value.size() > longestValue) continue;
    if (seen.size() == most) break;
    Seen member{.value = value, .node = {}, .definitions = {}, .since = now};
    std::istringstream words(value);
    words >> member.node >> member.definitions;
    if (!isPlain(member.node) || !isPlain(member.definitions)) continue;
    auto const before = seen_.find(name);
    if (before != seen_.end() && before->second.value == value) member.since = before->second.since;
    seen.emplace(name, std::move(member));
  }
  seen_ = std::move(seen);
}

bool Members::gone(Seen const& seen, sdk::BootTime now) const {
  return now - seen.since >= longestSilence;
}

void Members::announce(Annotations& annotations, sdk::BootTime now) {
  std::erase_if(annotations, [&](auto const& each) {
    if (!each.first.starts_with(prefix)) return false;
    auto const at = seen_.find(each.first);
    return at == seen_.end() || gone(at->second, now);
  });
  if (due(now)) ++count_;
  auto& ours = annotations[std::string(prefix) + self_.id];
  ours = self_.node + " " + self_.definitions + " " + std::to_string(count_);
}

void Members::leave(Annotations& annotations) const {
  annotations.erase(std::string(prefix) + self_.id);
}

bool Members::due(sdk::BootTime now) const {
  return !present_ || !announcedAt_ || now - *announcedAt_ >= announceInterval;
}

std::vector<std::string> Members::differing(sdk::BootTime now) const {
  std::vector<std::string> names;
  for (auto const& [name, seen] : seen_) {
    if (gone(seen, now) || seen.definitions == self_.definitions) continue;
    names.push_back(seen.node + " (definitions " + seen.definitions.substr(0, 12) + ")");
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace kms_secretd::app

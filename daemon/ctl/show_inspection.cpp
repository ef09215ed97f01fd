// SPDX-License-Identifier: Apache-2.0
#include "ctl/show_inspection.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>

#include "ctl/show.hpp"

namespace kms_secretd::ctl {
namespace {

namespace json = boost::json;

Tone toneOf(std::string_view level) {
  if (level == "bad") return Tone::bad;
  if (level == "warning") return Tone::warning;
  return level == "good" ? Tone::good : Tone::dim;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

std::string counted(std::map<std::string, std::size_t> const& counts,
                    std::initializer_list<char const*> order) {
  std::string text;
  for (auto const* word : order) {
    auto const at = counts.find(word);
    if (at == counts.end()) continue;
    if (!text.empty()) text += ", ";
    text += std::to_string(at->second) + ' ' + word;
  }
  return text;
}

json::array const& arrayIn(json::object const& object, char const* name) {
  static json::array const nothing;
  auto const* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : nothing;
}

// The names of the keys with that fate.
std::string namesOf(json::object const& target, std::string_view fate) {
  std::string names;
  auto const* keys = target.if_contains("keys");
  if (keys == nullptr || !keys->is_object()) return names;
  for (auto const& [key, value] : keys->get_object()) {
    if (!value.is_string() || std::string_view(value.get_string()) != fate) continue;
    if (!names.empty()) names += ", ";
    names += key;
  }
  return names;
}

void showForesight(Screen& screen, json::object const& target) {
  auto const trouble = textOf(target, "trouble");
  auto const action = textOf(target, "action");
  auto const id = idText(target);
  if (!trouble.empty()) {
    screen.line(id + ": nothing would be written", Tone::bad);
    screen.field("why", trouble);
    if (auto const remedy = textOf(target, "do"); !remedy.empty()) screen.field("do", remedy);
    return;
  }
  if (action == "leave") return screen.line(id + ": nothing to do", Tone::good);
  screen.line(id + ": " + action + " (" + textOf(target, "reason") + ")", Tone::warning);
  constexpr std::array fates{"added", "changed", "rewritten", "removed", "kept"};
  for (auto const* fate : fates) {
    if (auto const names = namesOf(target, fate); !names.empty()) screen.field(fate, names);
  }
  auto const* marks = target.if_contains("labels_or_annotations_change");
  if (action != "create" && marks != nullptr && marks->is_bool() && marks->get_bool()) {
    screen.field("marks", "labels or annotations change");
  }
  if (auto const detail = textOf(target, "detail"); !detail.empty()) screen.field("seen", detail);
}

std::string headingOf(std::string const& configuration) {
  if (configuration == "on disk") return "the configuration on disk, as a reload would take it:";
  if (configuration == "in force") return "the configuration in force:";
  return configuration == "offline" ? "the configuration on disk, without the running daemon:" : "";
}

void sayIncomplete(Screen& screen, json::object const& report) {
  auto const* complete = report.if_contains("complete");
  auto const* wanted = report.if_contains("wanted");
  if (complete == nullptr || !complete->is_bool() || complete->get_bool()) return;
  auto const all = wanted != nullptr && wanted->is_int64() ? wanted->get_int64() : 0;
  screen.line("the time was over: " + std::to_string(arrayIn(report, "targets").size()) + " of " +
                  std::to_string(all) + " were looked at; give it more by --timeout",
              Tone::bad);
}

}  // namespace

void showDoctor(Screen& screen, json::object const& report) {
  std::map<std::string, std::size_t> counts;
  for (auto const& each : arrayIn(report, "checks")) {
    if (!each.is_object()) continue;
    auto const& check = each.get_object();
    auto const level = textOf(check, "level");
    ++counts[level];
    auto const remedy = textOf(check, "do");
    screen.line(padded(level, 9) + padded(textOf(check, "check"), 15) + textOf(check, "what") +
                    (remedy.empty() ? "" : "; do: " + remedy),
                toneOf(level));
  }
  screen.line(counted(counts, {"bad", "warning", "hint", "good"}));
}

void showPlan(Screen& screen, json::object const& report) {
  if (auto const heading = headingOf(textOf(report, "configuration")); !heading.empty()) {
    screen.line(heading, Tone::dim);
  }
  std::map<std::string, std::size_t> counts;
  for (auto const& each : arrayIn(report, "targets")) {
    if (!each.is_object()) continue;
    auto const& target = each.get_object();
    ++counts[textOf(target, "trouble").empty() ? textOf(target, "action") : "in trouble"];
    showForesight(screen, target);
  }
  for (auto const& each : arrayIn(report, "no_longer_defined")) {
    if (!each.is_object()) continue;
    screen.line(idText(each.get_object()) + ": no longer defined", Tone::warning);
    screen.field("then", "it stays or is deleted, as its deletion_policy said");
  }
  sayIncomplete(screen, report);
  screen.line(counted(counts, {"create", "update", "heal", "adopt", "recreate", "withdraw", "leave",
                               "in trouble"}) +
              "; nothing was written");
}

}  // namespace kms_secretd::ctl

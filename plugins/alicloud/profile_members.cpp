// SPDX-License-Identifier: Apache-2.0
#include "alicloud/profile_members.hpp"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "alicloud/json_document.hpp"

namespace kms_secretd::alicloud {
namespace {

namespace json = boost::json;

sdk::Failure unusable(std::string fragment) {
  return {.kind = sdk::FailureKind::unauthenticated, .message = std::move(fragment)};
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view space = " \t\r";
  auto const first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string_view viewOf(json::string const& text) noexcept { return {text.data(), text.size()}; }

// Everything a profile holds is text but expired_seconds and enable_vpc; the rest is of no use.
ProfileMembers membersOf(json::object const& profile) {
  ProfileMembers members;
  for (auto const& [key, value] : profile) {
    std::string const name(key.data(), key.size());
    if (value.is_string()) members[name] = sdk::SecretBytes(viewOf(value.get_string()));
    if (value.is_int64()) members[name] = sdk::SecretBytes(std::to_string(value.get_int64()));
    if (value.is_bool()) members[name] = sdk::SecretBytes(value.get_bool() ? "true" : "false");
  }
  return members;
}

sdk::Result<ProfileSet> splitJson(std::string_view text) {
  auto const document = parseJson(text, wipingStorage());
  if (!document.ok()) return unusable("it is " + document.problem);
  auto const* object = document.root.if_object();
  auto const* list = object == nullptr ? nullptr : object->if_contains("profiles");
  if (list == nullptr || !list->is_array()) return unusable("it holds no list of profiles");
  ProfileSet set{.isJson = true};
  if (auto const* current = object->if_contains("current"); current && current->is_string()) {
    set.current = viewOf(current->get_string());
  }
  for (auto const& each : list->get_array()) {
    auto const* profile = each.if_object();
    if (profile == nullptr) return unusable("one of its profiles is no object");
    auto const* name = profile->if_contains("name");
    if (name == nullptr || !name->is_string()) return unusable("one of its profiles has no name");
    auto const isNew = set.profiles.emplace(viewOf(name->get_string()), membersOf(*profile)).second;
    if (!isNew) return unusable("it holds two profiles of one name");
  }
  return set;
}

// Cuts the first line off `text`.
std::string_view takeLine(std::string_view& text) noexcept {
  auto const end = text.find('\n');
  auto const line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return trimmed(line);
}

sdk::Result<ProfileSet> splitIni(std::string_view text) {
  ProfileSet set{.current = "default"};
  ProfileMembers* section = nullptr;
  for (int number = 1; !text.empty(); ++number) {
    auto const line = takeLine(text);
    auto const place = "its line " + std::to_string(number) + ' ';
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      if (line.back() != ']') return unusable(place + "opens a section and does not close it");
      auto const [at, isNew] =
          set.profiles.emplace(trimmed(line.substr(1, line.size() - 2)), ProfileMembers{});
      if (!isNew) return unusable(place + "opens a section for the second time");
      section = &at->second;
      continue;
    }
    auto const equals = line.find('=');
    if (equals == std::string_view::npos)
      return unusable(place + "is neither key = value nor [section]");
    if (section == nullptr) return unusable(place + "stands before the first [section]");
    auto const isNew = section
                           ->emplace(trimmed(line.substr(0, equals)),
                                     sdk::SecretBytes(trimmed(line.substr(equals + 1))))
                           .second;
    if (!isNew) return unusable(place + "gives a key of its section again");
  }
  return set;
}

}  // namespace

sdk::Result<ProfileSet> splitProfiles(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return unusable("it is empty");
  return text[first] == '{' ? splitJson(text) : splitIni(text);
}

}  // namespace kms_secretd::alicloud

// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/field_set.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string_view>

namespace kms_secretd::fakes::kube {
namespace {

namespace json = boost::json;

struct PartName {
  Part part;
  char const* name;
  bool inMetadata;
};

constexpr std::array<PartName, 6> partNames{{{Part::data, "data", false},
                                             {Part::immutable, "immutable", false},
                                             {Part::annotations, "annotations", true},
                                             {Part::finalizers, "finalizers", true},
                                             {Part::labels, "labels", true},
                                             {Part::type, "type", false}}};

PartName const& nameOf(Part part) { return *std::ranges::find(partNames, part, &PartName::part); }

/// A member's key in FieldsV1: f:<key> in maps, v:<JSON value> in lists.
std::string memberKey(Field const& field) {
  if (field.part != Part::finalizers) return "f:" + field.name;
  return "v:" + json::serialize(json::value(field.name));
}

std::optional<std::string> memberName(Part part, std::string_view key) {
  if (part != Part::finalizers) {
    if (!key.starts_with("f:")) return std::nullopt;
    return std::string(key.substr(2));
  }
  if (!key.starts_with("v:")) return std::nullopt;
  boost::system::error_code error;
  auto const value = json::parse(key.substr(2), error);
  if (error || !value.is_string()) return std::nullopt;
  return std::string(value.as_string());
}

json::object membersOf(FieldSet const& fields, Part part) {
  json::object members;
  // The map itself sorts first. Without a member it is told by the empty object.
  for (auto const& field : fields) {
    if (field.part == part) members[field.name.empty() ? "." : memberKey(field)] = json::object{};
  }
  if (members.size() == 1 && members.contains(".")) members.clear();
  return members;
}

bool holdsPart(FieldSet const& fields, Part part) {
  return std::ranges::any_of(fields, [&](Field const& field) { return field.part == part; });
}

void readPart(FieldSet& fields, Part part, json::value const& value) {
  auto const* members = value.if_object();
  if (members == nullptr || members->empty()) {
    fields.insert({part, ""});
    return;
  }
  for (auto const& [key, ignored] : *members) {
    if (key == ".") {
      fields.insert({part, ""});
    } else if (auto name = memberName(part, key)) {
      fields.insert({part, *name});
    }
  }
}

}  // namespace

std::string Field::text() const {
  auto const& known = nameOf(part);
  std::string text = known.inMetadata ? ".metadata." : ".";
  text += known.name;
  return name.empty() ? text : text + "." + name;
}

FieldSet unite(FieldSet const& a, FieldSet const& b) {
  FieldSet result = a;
  result.insert(b.begin(), b.end());
  return result;
}

FieldSet intersect(FieldSet const& a, FieldSet const& b) {
  FieldSet result;
  std::ranges::set_intersection(a, b, std::inserter(result, result.end()));
  return result;
}

FieldSet subtract(FieldSet const& a, FieldSet const& b) {
  FieldSet result;
  std::ranges::set_difference(a, b, std::inserter(result, result.end()));
  return result;
}

bool hasMembers(Part part) { return part != Part::type && part != Part::immutable; }

json::object toFieldsV1(FieldSet const& fields) {
  json::object root;
  json::object metadata;
  for (auto const& [part, name, inMetadata] : partNames) {
    if (!holdsPart(fields, part)) continue;
    (inMetadata ? metadata : root)[std::string("f:") + name] = membersOf(fields, part);
  }
  if (!metadata.empty()) root["f:metadata"] = std::move(metadata);
  return root;
}

FieldSet fromFieldsV1(json::value const& value) {
  FieldSet fields;
  auto const* root = value.if_object();
  if (root == nullptr) return fields;
  auto const* metadataValue = root->if_contains("f:metadata");
  auto const* metadata = metadataValue != nullptr ? metadataValue->if_object() : nullptr;
  for (auto const& [part, name, inMetadata] : partNames) {
    auto const* from = inMetadata ? metadata : root;
    auto const* found = from != nullptr ? from->if_contains(std::string("f:") + name) : nullptr;
    if (found == nullptr) continue;
    if (hasMembers(part)) {
      readPart(fields, part, *found);
    } else {
      fields.insert({part, ""});
    }
  }
  return fields;
}

}  // namespace kms_secretd::fakes::kube

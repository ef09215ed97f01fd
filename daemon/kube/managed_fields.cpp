// SPDX-License-Identifier: Apache-2.0
#include "kube/managed_fields.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "kube/json_read.hpp"

namespace kms_secretd::kube {

namespace json = boost::json;

namespace {

constexpr std::string_view fieldPrefix = "f:";

bool isField(json::key_value_pair const& member) {
  return view(member.key()).starts_with(fieldPrefix);
}

std::vector<std::string> fieldNames(json::object const* fields) {
  std::vector<std::string> names;
  if (fields == nullptr) return names;
  names.reserve(fields->size());
  for (auto const& member : *fields) {
    if (isField(member)) names.emplace_back(view(member.key()).substr(fieldPrefix.size()));
  }
  std::ranges::sort(names);
  return names;
}

// Held, but no key of it named: the server reads that as the whole map.
bool isWhole(json::object const* fields) {
  return fields != nullptr && std::ranges::none_of(*fields, isField);
}

// One map inside of fieldsV1 from which names may be taken.
class Pruner {
 public:
  explicit Pruner(json::object& parent) : parent_(parent) {}

  void take(std::string_view map, std::vector<std::string> const& names) {
    auto* const fields = find(map);
    if (fields == nullptr || names.empty()) return;
    for (auto const& name : names) {
      taken_ = fields->erase(std::string(fieldPrefix) + name) != 0 || taken_;
    }
    dropIfWhole(map, *fields);
  }

  [[nodiscard]] bool taken() const noexcept { return taken_; }

 private:
  json::object* find(std::string_view map) {
    auto* const value = parent_.if_contains(map);
    return value == nullptr ? nullptr : value->if_object();
  }

  void dropIfWhole(std::string_view map, json::object const& fields) {
    if (!isWhole(&fields)) return;
    parent_.erase(map);
    taken_ = true;
  }

  json::object& parent_;
  bool taken_ = false;
};

bool isOurs(json::object const& entry, std::string const& manager) {
  return textOf(entry, "manager") == manager && textOf(entry, "operation") == "Apply";
}

json::object* member(json::object& object, std::string_view name) {
  auto* const value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

bool releaseFrom(json::object& fields, apply::KeyChange const& change) {
  Pruner data(fields);
  data.take("f:data", change.keys);
  auto* const metadata = member(fields, "f:metadata");
  if (metadata == nullptr) return data.taken();
  Pruner inner(*metadata);
  inner.take("f:labels", change.labels);
  inner.take("f:annotations", change.annotations);
  if (metadata->empty()) fields.erase("f:metadata");
  return data.taken() || inner.taken();
}

}  // namespace

std::optional<core::ManagedEntry> managedEntry(json::object const& entry) {
  auto const* const fields = objectOf(entry, "fieldsV1");
  if (fields == nullptr) return std::nullopt;
  auto const* const data = objectOf(*fields, "f:data");
  auto const* const metadata = objectOf(*fields, "f:metadata");
  auto const* const labels = metadata == nullptr ? nullptr : objectOf(*metadata, "f:labels");
  auto const* const annotations =
      metadata == nullptr ? nullptr : objectOf(*metadata, "f:annotations");
  return core::ManagedEntry{.manager = std::string(textOf(entry, "manager")),
                            .apply = textOf(entry, "operation") == "Apply",
                            .dataKeys = fieldNames(data),
                            .labels = fieldNames(labels),
                            .annotations = fieldNames(annotations),
                            .type = fields->contains("f:type"),
                            .wholeData = isWhole(data),
                            .wholeLabels = isWhole(labels),
                            .wholeAnnotations = isWhole(annotations)};
}

bool release(json::array& managedFields, apply::KeyChange const& change) {
  bool taken = false;
  for (std::size_t i = 0; i < managedFields.size();) {
    auto* const entry = managedFields[i].if_object();
    auto* const fields = entry == nullptr ? nullptr : member(*entry, "fieldsV1");
    bool const touched =
        fields != nullptr && !isOurs(*entry, change.fieldManager) && releaseFrom(*fields, change);
    taken = taken || touched;
    if (touched && fields->empty()) {
      managedFields.erase(managedFields.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  return taken;
}

}  // namespace kms_secretd::kube

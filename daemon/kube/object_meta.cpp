// SPDX-License-Identifier: Apache-2.0
#include "kube/object_meta.hpp"

#include <charconv>
#include <cstdint>
#include <limits>
#include <map>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "kube/json_read.hpp"
#include "kube/managed_fields.hpp"

namespace kms_secretd::kube {

namespace json = boost::json;

namespace {

std::map<std::string, std::string> textMap(json::object const* object) {
  std::map<std::string, std::string> map;
  if (object == nullptr) return map;
  for (auto const& member : *object) {
    auto const* const text = member.value().if_string();
    // Servers write them sorted.
    if (text != nullptr) map.emplace_hint(map.end(), view(member.key()), view(*text));
  }
  return map;
}

// kubectl keeps the last manifest that it applied here, and with it the values of a Secret:
// metadata that nobody may see again.
constexpr char const* lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

std::map<std::string, std::string> annotationsOf(json::object const& metadata) {
  auto annotations = textMap(objectOf(metadata, "annotations"));
  annotations.erase(lastApplied);
  return annotations;
}

std::vector<core::ManagedEntry> managedEntries(json::array const* entries) {
  std::vector<core::ManagedEntry> managed;
  if (entries == nullptr) return managed;
  managed.reserve(entries->size());
  for (auto const& value : *entries) {
    auto const* const object = value.if_object();
    auto entry = object == nullptr ? std::nullopt : managedEntry(*object);
    if (entry) managed.push_back(std::move(*entry));
  }
  return managed;
}

// The cell under the column called `name`, or null.
json::value const* cellOf(json::object const& table, json::array const& cells,
                          std::string_view name) {
  auto const* const columns = arrayOf(table, "columnDefinitions");
  if (columns == nullptr) return nullptr;
  for (std::size_t i = 0; i < columns->size() && i < cells.size(); ++i) {
    auto const* const column = (*columns)[i].if_object();
    if (column != nullptr && textOf(*column, "name") == name) return &cells[i];
  }
  return nullptr;
}

std::optional<std::uint32_t> countIn(json::value const* cell) {
  if (cell == nullptr) return std::nullopt;
  std::int64_t count = -1;
  if (auto const* const number = cell->if_int64()) count = *number;
  if (auto const* const text = cell->if_string()) {
    std::from_chars(text->data(), text->data() + text->size(), count);
  }
  if (count < 0 || count > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(count);
}

// The only row of a Table.
json::object const* onlyRow(json::object const& table) {
  if (textOf(table, "kind") != "Table") return nullptr;
  auto const* const rows = arrayOf(table, "rows");
  return rows == nullptr || rows->size() != 1 ? nullptr : rows->front().if_object();
}

std::optional<core::Observed> observedOfRow(json::object const& table, json::object const& row) {
  auto const* const object = objectOf(row, "object");
  auto const* const metadata = object == nullptr ? nullptr : metadataOf(*object);
  auto observed = metadata == nullptr ? std::nullopt : observedOf(*metadata);
  auto const* const cells = arrayOf(row, "cells");
  if (!observed || cells == nullptr) return observed;
  auto const* const type = cellOf(table, *cells, "Type");
  if (type != nullptr && type->is_string()) observed->type = std::string(view(type->get_string()));
  observed->dataCount = countIn(cellOf(table, *cells, "Data"));
  return observed;
}

core::Observed read(json::object const& metadata) {
  core::Observed observed;
  observed.exists = true;
  observed.uid = textOf(metadata, "uid");
  observed.resourceVersion = textOf(metadata, "resourceVersion");
  observed.terminating = !textOf(metadata, "deletionTimestamp").empty();
  observed.labels = textMap(objectOf(metadata, "labels"));
  observed.annotations = annotationsOf(metadata);
  observed.managed = managedEntries(arrayOf(metadata, "managedFields"));
  return observed;
}

std::optional<core::Observed> readDocument(std::string_view text) {
  DocumentMemory memory;
  auto const document = parseJson(text, memory.storage());
  auto const* const object = document ? document->if_object() : nullptr;
  auto const* const metadata = object == nullptr ? nullptr : metadataOf(*object);
  if (metadata == nullptr) return std::nullopt;
  auto observed = read(*metadata);
  if (observed.uid.empty()) return std::nullopt;
  return observed;
}

}  // namespace

std::optional<core::Observed> observedOf(json::object const& metadata) {
  auto observed = read(metadata);
  if (observed.uid.empty() || observed.resourceVersion.empty()) return std::nullopt;
  return observed;
}

json::object const* metadataOf(json::object const& document) {
  bool const partial = textOf(document, "kind") == "PartialObjectMetadata" &&
                       textOf(document, "apiVersion") == "meta.k8s.io/v1";
  return partial ? objectOf(document, "metadata") : nullptr;
}

std::optional<core::Observed> parseObjectMetadata(std::string_view text) {
  auto observed = readDocument(text);
  if (observed && observed->resourceVersion.empty()) return std::nullopt;
  return observed;
}

std::optional<core::Observed> parseDryRunMetadata(std::string_view text) {
  return readDocument(text);
}

std::optional<core::Observed> parseTable(std::string_view text) {
  DocumentMemory memory;
  auto const document = parseJson(text, memory.storage());
  auto const* const table = document ? document->if_object() : nullptr;
  auto const* const row = table == nullptr ? nullptr : onlyRow(*table);
  return row == nullptr ? std::nullopt : observedOfRow(*table, *row);
}

}  // namespace kms_secretd::kube

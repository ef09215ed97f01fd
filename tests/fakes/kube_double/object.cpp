// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/object.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace kms_secretd::fakes::kube {
namespace {

namespace json = boost::json;

json::object mapJson(std::map<std::string, std::string> const& map) {
  json::object object;
  for (auto const& [name, value] : map) object[name] = value;
  return object;
}

json::object managerJson(Manager const& manager) {
  return {{"manager", manager.name},  {"operation", manager.apply ? "Apply" : "Update"},
          {"apiVersion", "v1"},       {"time", manager.time},
          {"fieldsType", "FieldsV1"}, {"fieldsV1", toFieldsV1(manager.fields)}};
}

json::array managersJson(std::vector<Manager> const& managers) {
  json::array array;
  for (auto const& manager : managers) array.push_back(managerJson(manager));
  return array;
}

json::array columnsJson() {
  json::array columns;
  for (auto const* name : {"Name", "Type", "Data", "Age"}) {
    columns.push_back(json::object{{"name", name},
                                   {"type", "string"},
                                   {"format", std::string(name) == "Name" ? "name" : ""},
                                   {"description", ""},
                                   {"priority", 0}});
  }
  return columns;
}

bool sameManagers(std::vector<Manager> const& a, std::vector<Manager> const& b) {
  return std::ranges::equal(a, b, [](Manager const& left, Manager const& right) {
    return left.sameEntry(right) && left.fields == right.fields;
  });
}

template <class T>
void copyMember(std::map<std::string, T>& to, std::map<std::string, T> const& from,
                std::string const& name) {
  auto const at = from.find(name);
  if (at == from.end()) {
    to.erase(name);
  } else {
    to[name] = at->second;
  }
}

void copyMember(std::set<std::string>& to, std::set<std::string> const& from,
                std::string const& name) {
  if (from.contains(name)) {
    to.insert(name);
  } else {
    to.erase(name);
  }
}

}  // namespace

bool Secret::sameContent(Secret const& other) const {
  return labels == other.labels && annotations == other.annotations &&
         finalizers == other.finalizers && type == other.type && immutable == other.immutable &&
         data == other.data && deletionTimestamp == other.deletionTimestamp &&
         sameManagers(managers, other.managers);
}

std::map<std::string, std::string> membersOf(Secret const& secret, Part part) {
  std::map<std::string, std::string> members;
  switch (part) {
    case Part::type:
      if (secret.type) members[""] = *secret.type;
      return members;
    case Part::immutable:
      if (secret.immutable) members[""] = *secret.immutable ? "true" : "false";
      return members;
    case Part::data:
      return secret.data;
    case Part::labels:
      return secret.labels;
    case Part::annotations:
      return secret.annotations;
    case Part::finalizers:
      for (auto const& each : secret.finalizers) members[each] = each;
      return members;
  }
  return members;
}

void copyField(Secret& to, Secret const& from, Field const& field) {
  switch (field.part) {
    case Part::type:
      to.type = from.type;
      break;
    case Part::immutable:
      to.immutable = from.immutable;
      break;
    case Part::data:
      copyMember(to.data, from.data, field.name);
      break;
    case Part::labels:
      copyMember(to.labels, from.labels, field.name);
      break;
    case Part::annotations:
      copyMember(to.annotations, from.annotations, field.name);
      break;
    case Part::finalizers:
      copyMember(to.finalizers, from.finalizers, field.name);
      break;
  }
}

std::string nowText() {
  auto const now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

json::object metadataJson(Secret const& secret) {
  json::object metadata{{"name", secret.name}, {"namespace", secret.namespaceName}};
  auto const put = [&](char const* name, std::string const& value) {
    if (!value.empty()) metadata[name] = value;
  };
  put("uid", secret.uid);
  put("resourceVersion", secret.resourceVersion);
  put("creationTimestamp", secret.creationTimestamp);
  put("deletionTimestamp", secret.deletionTimestamp);
  if (!secret.deletionTimestamp.empty()) metadata["deletionGracePeriodSeconds"] = 0;
  if (!secret.labels.empty()) metadata["labels"] = mapJson(secret.labels);
  if (!secret.annotations.empty()) metadata["annotations"] = mapJson(secret.annotations);
  if (!secret.finalizers.empty()) {
    metadata["finalizers"] = json::array(secret.finalizers.begin(), secret.finalizers.end());
  }
  if (!secret.managers.empty()) metadata["managedFields"] = managersJson(secret.managers);
  return metadata;
}

json::object fullJson(Secret const& secret) {
  json::object object{{"kind", "Secret"}, {"apiVersion", "v1"}};
  object["metadata"] = metadataJson(secret);
  if (!secret.data.empty()) {
    json::object data;
    for (auto const& [key, value] : secret.data) data[key] = encodeBase64(value);
    object["data"] = std::move(data);
  }
  if (secret.immutable) object["immutable"] = *secret.immutable;
  if (secret.type) object["type"] = *secret.type;
  return object;
}

json::object partialJson(Secret const& secret) {
  return {{"kind", "PartialObjectMetadata"},
          {"apiVersion", "meta.k8s.io/v1"},
          {"metadata", metadataJson(secret)}};
}

json::object tableJson(std::vector<Secret> const& secrets, std::string const& resourceVersion) {
  json::array rows;
  for (auto const& secret : secrets) {
    json::array cells{secret.name, secret.type.value_or(""), secret.data.size(), "0s"};
    rows.push_back(json::object{{"cells", std::move(cells)}, {"object", partialJson(secret)}});
  }
  return {{"kind", "Table"},
          {"apiVersion", "meta.k8s.io/v1"},
          {"metadata", json::object{{"resourceVersion", resourceVersion}}},
          {"columnDefinitions", columnsJson()},
          {"rows", std::move(rows)}};
}

std::string encodeBase64(std::string const& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  auto const size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                    reinterpret_cast<unsigned char const*>(bytes.data()),
                                    static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> decodeBase64(std::string const& text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3 + 1, '\0');
  auto const size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                    reinterpret_cast<unsigned char const*>(text.data()),
                                    static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  auto const padding = text.ends_with("==") ? 2U : text.ends_with("=") ? 1U : 0U;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace kms_secretd::fakes::kube

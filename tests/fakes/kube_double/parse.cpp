// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/parse.hpp"

#include <array>
#include <string_view>

namespace kms_secretd::fakes::kube {
namespace {

namespace json = boost::json;

/// Thrown and caught in this file: the first thing wrong with a body ends its reading.
struct Refused {
  Status status;
};

std::string textOf(json::value const& value, std::string const& where) {
  if (value.is_null()) return "";
  if (!value.is_string()) {
    throw Refused{badRequest("Secret in version \"v1\" cannot be handled as a Secret: " + where +
                             " is no string")};
  }
  return std::string(value.as_string());
}

json::object const* objectAt(json::object const& from, char const* name) {
  auto const* value = from.if_contains(name);
  if (value == nullptr || value->is_null()) return nullptr;
  if (!value->is_object()) {
    throw Refused{badRequest(std::string("Secret in version \"v1\" cannot be handled as a ") +
                             "Secret: " + name + " is no object")};
  }
  return &value->as_object();
}

std::string stringAt(json::object const& from, char const* name) {
  auto const* value = from.if_contains(name);
  return value == nullptr ? "" : textOf(*value, name);
}

std::map<std::string, std::string> stringsAt(json::object const& from, char const* name) {
  std::map<std::string, std::string> strings;
  auto const* object = objectAt(from, name);
  if (object == nullptr) return strings;
  for (auto const& [key, value] : *object) strings[key] = textOf(value, key);
  return strings;
}

std::string decoded(json::value const& value, std::string const& key) {
  auto bytes = decodeBase64(textOf(value, key));
  if (!bytes) {
    throw Refused{internalError(
        "failed to convert new object to proper version: unable to convert unstructured object to "
        "/v1, Kind=Secret: error decoding from json: illegal base64 data")};
  }
  return *bytes;
}

void readData(json::object const& root, Secret& secret) {
  if (auto const* data = objectAt(root, "data")) {
    for (auto const& [key, value] : *data) secret.data[key] = decoded(value, key);
  }
  for (auto const& [key, value] : stringsAt(root, "stringData")) secret.data[key] = value;
}

Manager managerOf(json::value const& value) {
  Manager manager;
  auto const* entry = value.if_object();
  if (entry == nullptr) throw Refused{badRequest("an entry of managedFields is no object")};
  manager.name = stringAt(*entry, "manager");
  manager.apply = stringAt(*entry, "operation") == "Apply";
  manager.time = stringAt(*entry, "time");
  if (auto const* fields = entry->if_contains("fieldsV1")) manager.fields = fromFieldsV1(*fields);
  return manager;
}

GivenManagers readManagers(json::object const& metadata, Secret& secret) {
  auto const* value = metadata.if_contains("managedFields");
  auto const* entries = value == nullptr ? nullptr : value->if_array();
  if (entries == nullptr || entries->empty()) return GivenManagers::none;
  if (entries->size() == 1 && entries->front().is_object() &&
      entries->front().as_object().empty()) {
    return GivenManagers::stripped;
  }
  for (auto const& entry : *entries) {
    auto manager = managerOf(entry);
    if (!manager.fields.empty()) secret.managers.push_back(std::move(manager));
  }
  return GivenManagers::given;
}

void readMetadata(json::object const& metadata, Secret& secret) {
  secret.name = stringAt(metadata, "name");
  secret.namespaceName = stringAt(metadata, "namespace");
  secret.uid = stringAt(metadata, "uid");
  secret.resourceVersion = stringAt(metadata, "resourceVersion");
  secret.labels = stringsAt(metadata, "labels");
  secret.annotations = stringsAt(metadata, "annotations");
  auto const* finalizers = metadata.if_contains("finalizers");
  if (finalizers == nullptr || !finalizers->is_array()) return;
  for (auto const& each : finalizers->as_array()) {
    secret.finalizers.insert(textOf(each, "finalizers"));
  }
}

void checkKind(json::object const& root, bool apply) {
  if (apply) {
    auto const version = stringAt(root, "apiVersion");
    if (version != "v1") {
      throw Refused{badRequest(
          "Incorrect version specified in apply patch. Specified patch version: " + version +
          ", expected: v1")};
    }
  }
  auto const kind = stringAt(root, "kind");
  if (kind != "Secret" && (apply || !kind.empty())) {
    throw Refused{
        badRequest(kind + " in version \"v1\" cannot be handled as a Secret: unknown conversion")};
  }
}

void checkNames(Secret const& secret, BodyTarget const& target) {
  if (!target.name.empty() && secret.name != target.name) {
    throw Refused{badRequest("the name of the object (" + secret.name +
                             ") does not match the name on the URL (" + target.name + ")")};
  }
  if (!secret.namespaceName.empty() && secret.namespaceName != target.namespaceName) {
    throw Refused{badRequest("the namespace of the object (" + secret.namespaceName +
                             ") does not match the namespace on the request (" +
                             target.namespaceName + ")")};
  }
}

void checkMembers(json::object const& root) {
  constexpr std::array<std::string_view, 7> known{"apiVersion", "kind",      "metadata", "data",
                                                  "stringData", "immutable", "type"};
  for (auto const& [name, value] : root) {
    bool found = false;
    for (auto const each : known) found |= each == std::string_view(name);
    if (!found) {
      throw Refused{internalError("failed to create typed patch object: ." + std::string(name) +
                                  ": field not declared in schema")};
    }
  }
}

Body bodyOf(json::object const& root, BodyTarget const& target) {
  checkKind(root, target.apply);
  if (target.apply) checkMembers(root);
  Body body;
  if (auto const* metadata = objectAt(root, "metadata")) {
    readMetadata(*metadata, body.secret);
    if (target.apply && metadata->contains("managedFields")) {
      throw Refused{badRequest("metadata.managedFields must be nil")};
    }
    body.managers = readManagers(*metadata, body.secret);
  }
  checkNames(body.secret, target);
  body.secret.namespaceName = target.namespaceName;
  readData(root, body.secret);
  auto const type = stringAt(root, "type");
  if (!type.empty()) body.secret.type = type;
  auto const* immutable = root.if_contains("immutable");
  if (immutable != nullptr && immutable->is_bool()) body.secret.immutable = immutable->as_bool();
  return body;
}

}  // namespace

std::variant<Body, Status> parseBody(std::string const& text, BodyTarget const& target) {
  boost::system::error_code error;
  auto const value = json::parse(text, error);
  if (error || !value.is_object()) {
    return badRequest(target.apply ? "error decoding YAML: error converting YAML to JSON"
                                   : "the object provided is unrecognized (must be of type "
                                     "Secret): couldn't get version/kind; json parse error");
  }
  try {
    return bodyOf(value.as_object(), target);
  } catch (Refused const& refused) {
    return refused.status;
  }
}

void mergePatch(json::value& target, json::value const& patch) {
  if (!patch.is_object()) {
    target = patch;
    return;
  }
  if (!target.is_object()) target = json::object{};
  auto& object = target.as_object();
  for (auto const& [name, value] : patch.as_object()) {
    if (value.is_null()) {
      object.erase(name);
    } else {
      mergePatch(object[name], value);
    }
  }
}

}  // namespace kms_secretd::fakes::kube

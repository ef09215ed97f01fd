// SPDX-License-Identifier: Apache-2.0
#include "admin.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <vector>

#include "fakes/kube_double/object.hpp"

namespace kms_secretd::contract {
namespace {

namespace json = boost::json;
using fakes::kube::decodeBase64;
using fakes::kube::encodeBase64;

std::string pathOf(Place const& place) {
  auto const path = "/api/v1/namespaces/" + place.namespaceName + "/secrets";
  return place.name.empty() ? path : path + "/" + place.name;
}

std::string managedBy(std::string const& manager) {
  std::string encoded;
  for (char const c : manager) encoded += c == '/' ? "%2F" : std::string(1, c);
  return "?fieldManager=" + encoded;
}

json::object named(json::object object, Place const& place) {
  object["apiVersion"] = "v1";
  object["kind"] = "Secret";
  if (!object.contains("metadata")) object["metadata"] = json::object{};
  auto& metadata = object["metadata"].as_object();
  metadata["name"] = place.name;
  metadata["namespace"] = place.namespaceName;
  return object;
}

json::object const* objectAt(json::object const& from, std::string const& name) {
  auto const* value = from.if_contains(name);
  return value != nullptr ? value->if_object() : nullptr;
}

// Of its own: a json::object given to it would be copied into a value that is gone on return.
json::object const* memberOf(json::value const& from, std::string const& name) {
  auto const* object = from.if_object();
  return object != nullptr ? objectAt(*object, name) : nullptr;
}

std::string textAt(json::object const& from, std::string const& name) {
  auto const* value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

/// The data keys of one entry of managedFields; "*" where it holds the map without keys.
std::string keysOf(json::object const& entry) {
  auto const* fields = objectAt(entry, "fieldsV1");
  auto const* data = fields != nullptr ? objectAt(*fields, "f:data") : nullptr;
  if (data == nullptr) return "";
  std::set<std::string> keys;
  for (auto const& [name, ignored] : *data) {
    if (name.starts_with("f:")) keys.emplace(name.substr(2));
  }
  if (keys.empty()) return " *";
  std::string text;
  for (auto const& key : keys) text += " " + key;
  return text;
}

}  // namespace

struct Admin::Message {
  std::string method{};
  std::string target{};
  std::string contentType{};
  json::value body{};
};

Answer Admin::send(Message const& message) {
  auto const way = connection_->way();
  sdk::HttpRequest request;
  request.method = message.method;
  request.target = way.pathPrefix + message.target;
  request.headers = way.headers;
  request.headers.push_back({"Accept", "application/json"});
  if (!message.body.is_null()) {
    request.headers.push_back({"Content-Type", message.contentType});
    request.body = sdk::SecretBytes(json::serialize(message.body));
  }
  request.deadline = clock_.boot() + std::chrono::seconds(30);
  auto const reply = way.transport->send(request);
  if (!reply) throw std::runtime_error("the admin's request failed: " + reply.failure().message);
  boost::system::error_code ignored;
  return {reply.value().status, json::parse(reply.value().body.reveal(), ignored)};
}

Answer Admin::createNamespace(std::string const& name) {
  json::object const body{
      {"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", json::object{{"name", name}}}};
  return send({"POST", "/api/v1/namespaces", "application/json", body});
}

Answer Admin::deleteNamespace(std::string const& name) {
  return send({"DELETE", "/api/v1/namespaces/" + name, "", nullptr});
}

Answer Admin::create(Place const& place, json::object object, std::string const& manager) {
  return send({"POST", pathOf({place.namespaceName, ""}) + managedBy(manager), "application/json",
               named(std::move(object), place)});
}

Answer Admin::replace(Place const& place, json::object object, std::string const& manager) {
  return send({"PUT", pathOf(place) + managedBy(manager), "application/json",
               named(std::move(object), place)});
}

Answer Admin::merge(Place const& place, json::object const& patch, std::string const& manager) {
  return send({"PATCH", pathOf(place) + managedBy(manager), "application/merge-patch+json", patch});
}

Answer Admin::apply(Place const& place, json::object object, std::string const& manager) {
  return send({"PATCH", pathOf(place) + managedBy(manager), "application/apply-patch+yaml",
               named(std::move(object), place)});
}

Answer Admin::remove(Place const& place) { return send({"DELETE", pathOf(place), "", nullptr}); }

Answer Admin::read(Place const& place) { return send({"GET", pathOf(place), "", nullptr}); }

json::object secretOf(Admin::Strings const& data, std::string const& type) {
  json::object encoded;
  for (auto const& [key, value] : data) encoded[key] = encodeBase64(value);
  return {{"type", type}, {"data", std::move(encoded)}};
}

Admin::Strings dataOf(json::value const& secret) {
  Admin::Strings data;
  auto const* encoded = memberOf(secret, "data");
  if (encoded == nullptr) return data;
  for (auto const& [key, value] : *encoded) {
    data[key] = decodeBase64(std::string(value.as_string())).value_or("(no base64)");
  }
  return data;
}

std::string metadataOf(json::value const& secret, std::string const& name) {
  auto const* metadata = memberOf(secret, "metadata");
  return metadata != nullptr ? textAt(*metadata, name) : "";
}

Admin::Strings mapOf(json::value const& secret, std::string const& name) {
  Admin::Strings map;
  auto const* metadata = memberOf(secret, "metadata");
  auto const* members = metadata != nullptr ? objectAt(*metadata, name) : nullptr;
  if (members == nullptr) return map;
  for (auto const& [key, value] : *members) map[key] = value.as_string();
  return map;
}

std::string holdersOf(json::value const& secret) {
  auto const* metadata = memberOf(secret, "metadata");
  auto const* value = metadata != nullptr ? metadata->if_contains("managedFields") : nullptr;
  if (value == nullptr || !value->is_array()) return "";
  std::set<std::string> holders;
  for (auto const& each : value->as_array()) {
    auto const& entry = each.as_object();
    auto const keys = keysOf(entry);
    if (keys.empty()) continue;
    holders.insert(textAt(entry, "manager") + " " + textAt(entry, "operation") + ":" + keys);
  }
  std::string text;
  for (auto const& holder : holders) text += (text.empty() ? "" : " | ") + holder;
  return text;
}

void setData(json::object& secret, std::string const& key, std::string const& value) {
  secret["data"].as_object()[key] = encodeBase64(value);
}

void dropData(json::object& secret, std::string const& key) {
  secret["data"].as_object().erase(key);
}

}  // namespace kms_secretd::contract

// SPDX-License-Identifier: Apache-2.0
#include "kube/requests.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "kube/base64.hpp"
#include "kube/json_write.hpp"

namespace kms_secretd::kube {
namespace {

bool isUnreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

sdk::HttpRequest secretRequest(char const* method, core::TargetId const& target,
                               char const* accept) {
  sdk::HttpRequest request;
  request.method = method;
  request.target = secretsPath(target.namespaceName, target.name);
  request.headers.push_back({.name = "Accept", .value = accept});
  return request;
}

void setBody(sdk::HttpRequest& request, char const* contentType, sdk::SecretBytes&& body) {
  request.headers.push_back({.name = "Content-Type", .value = contentType});
  request.body = std::move(body);
}

void writeText(JsonWriter& json, char const* name, std::string const& value) {
  if (!value.empty()) json.member(name, value);
}

void writeMap(JsonWriter& json, char const* name, std::map<std::string, std::string> const& map) {
  if (map.empty()) return;
  json.key(name).beginObject();
  for (auto const& [key, value] : map) json.member(key, value);
  json.endObject();
}

std::size_t sizeOf(std::map<std::string, std::string> const& map) {
  std::size_t size = 0;
  for (auto const& [key, value] : map) size += key.size() + value.size() + 8;
  return size;
}

std::size_t expectedSize(apply::ApplyRequest const& request) {
  std::size_t size = 1024 + sizeOf(request.labels) + sizeOf(request.annotations);
  for (auto const& each : request.data) size += each.key.size() + base64Size(each.value.size()) + 8;
  return size;
}

void writeMetadata(JsonWriter& json, apply::ApplyRequest const& request) {
  json.key("metadata").beginObject();
  json.member("name", request.target.name);
  json.member("namespace", request.target.namespaceName);
  writeText(json, "uid", request.uid);
  writeText(json, "resourceVersion", request.resourceVersion);
  writeMap(json, "labels", request.labels);
  writeMap(json, "annotations", request.annotations);
  json.endObject();
}

sdk::SecretBytes applyBody(apply::ApplyRequest const& request) {
  JsonWriter json(expectedSize(request));
  json.beginObject().member("apiVersion", "v1").member("kind", "Secret");
  writeMetadata(json, request);
  writeText(json, "type", request.type);
  if (request.immutable) json.key("immutable").raw("true");
  if (!request.data.empty()) {
    json.key("data").beginObject();
    for (auto const& each : request.data) json.key(each.key).base64(each.value.reveal());
    json.endObject();
  }
  json.endObject();
  return json.take();
}

// {"metadata":{"uid":...,"resourceVersion":... , still open.
JsonWriter beginMergePatch(apply::KeyChange const& change, std::size_t expected) {
  JsonWriter json(expected + 256);
  json.beginObject().key("metadata").beginObject();
  writeText(json, "uid", change.uid);
  writeText(json, "resourceVersion", change.resourceVersion);
  return json;
}

}  // namespace

std::string escaped(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  for (char const c : text) {
    if (isUnreserved(c)) {
      result += c;
      continue;
    }
    auto const byte = static_cast<unsigned char>(c);
    result += {'%', digits[byte >> 4U], digits[byte & 15U]};
  }
  return result;
}

std::string secretsPath(std::string const& namespaceName, std::string const& name) {
  auto path = "/api/v1/namespaces/" + escaped(namespaceName) + "/secrets";
  return name.empty() ? path : path + "/" + escaped(name);
}

sdk::HttpRequest tableRequest(core::TargetId const& target) {
  auto request = secretRequest("GET", target, acceptTable);
  request.target += "?includeObject=Metadata";
  return request;
}

sdk::HttpRequest metadataRequest(core::TargetId const& target) {
  return secretRequest("GET", target, acceptMetadata);
}

sdk::HttpRequest applyRequest(apply::ApplyRequest const& request) {
  auto http = secretRequest("PATCH", request.target, acceptMetadata);
  http.target += "?fieldManager=" + escaped(request.fieldManager);
  if (request.force) http.target += "&force=true";
  if (request.dryRun) http.target += "&dryRun=All";
  setBody(http, "application/apply-patch+yaml", applyBody(request));
  // A create that is sent again after its reply was lost gets 200 instead of 201, and would be
  // taken for somebody else's object.
  http.idempotent = !request.uid.empty() || request.dryRun;
  return http;
}

sdk::HttpRequest mergePatchRequest(apply::KeyChange const& change, sdk::SecretBytes&& body) {
  auto http = secretRequest("PATCH", change.target, acceptMetadata);
  http.target += "?fieldManager=" + escaped(change.fieldManager);
  setBody(http, "application/merge-patch+json", std::move(body));
  return http;
}

sdk::SecretBytes removeKeysBody(apply::KeyChange const& change) {
  auto json = beginMergePatch(change, change.keys.size() * 64);
  json.endObject().key("data").beginObject();
  for (auto const& key : change.keys) json.key(key).null();
  json.endObject().endObject();
  return json.take();
}

sdk::SecretBytes managedFieldsBody(apply::KeyChange const& change, std::string_view managedFields) {
  auto json = beginMergePatch(change, managedFields.size());
  json.key("managedFields").raw(managedFields).endObject().endObject();
  return json.take();
}

sdk::HttpRequest deleteRequest(apply::KeyChange const& change) {
  auto http = secretRequest("DELETE", change.target, acceptMetadata);
  JsonWriter json(256);
  json.beginObject().member("apiVersion", "v1").member("kind", "DeleteOptions");
  json.key("preconditions").beginObject();
  writeText(json, "uid", change.uid);
  writeText(json, "resourceVersion", change.resourceVersion);
  json.endObject().endObject();
  setBody(http, "application/json", json.take());
  return http;
}

sdk::HttpRequest tokenRequest(sdk::ServiceAccountTokenRequest const& request) {
  constexpr std::chrono::seconds least = std::chrono::minutes(10);
  auto const lifetime = std::chrono::duration_cast<std::chrono::seconds>(request.lifetime);
  sdk::HttpRequest http;
  http.method = "POST";
  http.target = "/api/v1/namespaces/" + escaped(request.namespaceName) + "/serviceaccounts/" +
                escaped(request.serviceAccount) + "/token";
  http.headers.push_back({.name = "Accept", .value = "application/json"});
  JsonWriter json(256 + request.audience.size());
  json.beginObject().member("apiVersion", "authentication.k8s.io/v1");
  json.member("kind", "TokenRequest").key("spec").beginObject();
  if (!request.audience.empty()) {
    json.key("audiences").beginArray().text(request.audience).endArray();
  }
  json.key("expirationSeconds").number(std::max(lifetime, least).count());
  json.endObject().endObject();
  setBody(http, "application/json", json.take());
  return http;
}

}  // namespace kms_secretd::kube

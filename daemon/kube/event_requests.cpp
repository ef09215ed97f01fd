// SPDX-License-Identifier: Apache-2.0
#include "kube/event_requests.hpp"

#include "kube/dates.hpp"
#include "kube/json_write.hpp"
#include "kube/requests.hpp"

namespace kms_secretd::kube {
namespace {

void writeAbout(JsonWriter& json, core::ClusterEvent const& event) {
  json.key("involvedObject").beginObject();
  json.member("apiVersion", "v1").member("kind", "Secret");
  json.member("namespace", event.about.namespaceName).member("name", event.about.name);
  if (!event.uid.empty()) json.member("uid", event.uid);
  json.endObject();
}

void writeSource(JsonWriter& json, EventSource const& source) {
  json.key("source").beginObject();
  json.member("component", source.component).member("host", source.node).endObject();
  json.member("reportingComponent", source.component).member("reportingInstance", source.node);
}

void writeNews(JsonWriter& json, core::ClusterEventWrite const& write) {
  json.member("message", write.event.message);
  json.member("lastTimestamp", rfc3339(write.last));
  json.key("count").number(write.count);
}

sdk::SecretBytes newBody(core::ClusterEventWrite const& write, EventSource const& source) {
  JsonWriter json(1024 + write.event.message.size());
  json.beginObject().member("apiVersion", "v1").member("kind", "Event");
  json.key("metadata").beginObject().member("name", write.name);
  json.member("namespace", write.event.about.namespaceName).endObject();
  writeAbout(json, write.event);
  json.member("reason", write.event.reason);
  json.member("type", write.event.warning ? "Warning" : "Normal");
  writeSource(json, source);
  json.member("firstTimestamp", rfc3339(write.first));
  writeNews(json, write);
  json.endObject();
  return json.take();
}

sdk::SecretBytes countBody(core::ClusterEventWrite const& write) {
  JsonWriter json(256 + write.event.message.size());
  json.beginObject();
  writeNews(json, write);
  json.endObject();
  return json.take();
}

}  // namespace

sdk::HttpRequest eventRequest(core::ClusterEventWrite const& write, EventSource const& source) {
  sdk::HttpRequest request;
  request.method = write.isNew ? "POST" : "PATCH";
  request.target = "/api/v1/namespaces/" + escaped(write.event.about.namespaceName) + "/events";
  if (!write.isNew) request.target += "/" + escaped(write.name);
  request.headers.push_back({.name = "Accept", .value = acceptMetadata});
  request.headers.push_back(
      {.name = "Content-Type",
       .value = write.isNew ? "application/json" : "application/merge-patch+json"});
  request.body = write.isNew ? newBody(write, source) : countBody(write);
  return request;
}

}  // namespace kms_secretd::kube

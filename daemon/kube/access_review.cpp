// SPDX-License-Identifier: Apache-2.0
#include "kube/access_review.hpp"

#include <yaml-cpp/yaml.h>

#include "kube/json_read.hpp"
#include "kube/json_write.hpp"
#include "kube/kube_client.hpp"

namespace kms_secretd::kube {
namespace {

std::vector<std::string> textsOf(YAML::Node const& list) {
  std::vector<std::string> texts;
  if (!list.IsDefined()) return texts;
  for (auto const& each : list) texts.push_back(each.as<std::string>());
  return texts;
}

void addRule(YAML::Node const& rule, std::string const& namespaceName, std::vector<Right>& rights) {
  auto names = textsOf(rule["resourceNames"]);
  if (names.empty()) names.emplace_back();
  for (auto const& name : names) {
    for (auto const& group : textsOf(rule["apiGroups"])) {
      for (auto const& resource : textsOf(rule["resources"])) {
        for (auto const& verb : textsOf(rule["verbs"])) {
          rights.push_back({.verb = verb,
                            .group = group,
                            .resource = resource,
                            .namespaceName = namespaceName,
                            .name = name});
        }
      }
    }
  }
}

}  // namespace

std::string Right::text() const {
  auto text = verb + " " + resource;
  if (!group.empty()) text += "." + group;
  if (name.empty()) return namespaceName.empty() ? text : text + " in " + namespaceName;
  return text + " " + (namespaceName.empty() ? name : namespaceName + "/" + name);
}

std::vector<Right> rightsIn(std::string const& manifests) {
  std::vector<Right> rights;
  for (auto const& document : YAML::LoadAll(manifests)) {
    if (!document.IsMap() || !document["rules"].IsDefined()) continue;
    auto const place = document["metadata"]["namespace"];
    auto const namespaceName = place.IsDefined() ? place.as<std::string>() : std::string();
    for (auto const& rule : document["rules"]) addRule(rule, namespaceName, rights);
  }
  return rights;
}

sdk::HttpRequest accessReviewRequest(Right const& right) {
  auto const slash = right.resource.find('/');
  JsonWriter json(512);
  json.beginObject().member("apiVersion", "authorization.k8s.io/v1");
  json.member("kind", "SelfSubjectAccessReview").key("spec").beginObject();
  json.key("resourceAttributes").beginObject();
  json.member("verb", right.verb).member("group", right.group);
  json.member("resource", right.resource.substr(0, slash));
  if (slash != std::string::npos) json.member("subresource", right.resource.substr(slash + 1));
  if (!right.namespaceName.empty()) json.member("namespace", right.namespaceName);
  if (!right.name.empty()) json.member("name", right.name);
  json.endObject().endObject().endObject();
  sdk::HttpRequest request;
  request.method = "POST";
  request.target = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  request.headers.push_back({.name = "Accept", .value = "application/json"});
  request.headers.push_back({.name = "Content-Type", .value = "application/json"});
  request.body = json.take();
  return request;
}

std::optional<Access> parseAccessReview(std::string_view text) {
  auto const document = parseJson(text);
  auto const* const object = document ? document->if_object() : nullptr;
  auto const* const status = object == nullptr ? nullptr : objectOf(*object, "status");
  if (status == nullptr) return std::nullopt;
  auto const* const allowed = status->if_contains("allowed");
  if (allowed == nullptr || !allowed->is_bool()) return std::nullopt;
  return Access{.allowed = allowed->get_bool(), .reason = std::string(textOf(*status, "reason"))};
}

core::KubeResult<Access> KubeClient::mayI(Right const& right, apply::KubeCall const& call) {
  Asked const asked{.verb = "create", .resource = "selfsubjectaccessreviews"};
  auto const reply = send(accessReviewRequest(right), asked, call);
  if (auto const* failure = std::get_if<core::KubeFailure>(&reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status != 200 && response.status != 201) return refused(response, asked);
  auto access = parseAccessReview(response.body.reveal());
  if (!access) return unreadable(response.status, asked);
  return *std::move(access);
}

}  // namespace kms_secretd::kube

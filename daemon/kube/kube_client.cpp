// SPDX-License-Identifier: Apache-2.0
#include "kube/kube_client.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "kube/managed_meta.hpp"
#include "kube/object_meta.hpp"
#include "kube/requests.hpp"
#include "kube/token_reply.hpp"
#include "kube/value_guard.hpp"

namespace kms_secretd::kube {
namespace {

template <class T>
core::KubeFailure const* failureIn(core::KubeResult<T> const& result) noexcept {
  return std::get_if<core::KubeFailure>(&result);
}

Asked askedFor(char const* verb, core::TargetId const& target) {
  return {.verb = verb, .namespaceName = target.namespaceName, .name = target.name};
}

using Parser = std::optional<core::Observed> (*)(std::string_view);

core::KubeResult<core::Observed> parsed(sdk::HttpResponse const& response, Parser parse,
                                        Asked const& asked) {
  auto observed = parse(response.body.reveal());
  if (!observed) return unreadable(response.status, asked);
  return *std::move(observed);
}

// Absent is an answer. A GET never says whether the namespace is there.
core::KubeResult<core::Observed> observed(core::KubeFailure failure) {
  bool const namespaceAbsent = failure.kind == core::KubeFailureKind::namespace_absent;
  bool const absent = failure.status == 404 && failure.kind == core::KubeFailureKind::changed;
  if (!absent && !namespaceAbsent) return failure;
  core::Observed nothing;
  nothing.namespaceAbsent = namespaceAbsent;
  return nothing;
}

core::KubeFailure changedMeanwhile(Asked const& asked) {
  return {.kind = core::KubeFailureKind::changed,
          .message = asked.object() + " changed since it was observed",
          .remedy = "nothing: it is observed again at once"};
}

}  // namespace

KubeClient::KubeClient(std::shared_ptr<Connection> connection, sdk::Clock const& clock)
    : connection_(std::move(connection)), clock_(clock) {}

core::KubeResult<sdk::HttpResponse> KubeClient::send(sdk::HttpRequest&& request, Asked const& asked,
                                                     apply::KubeCall const& call) {
  auto way = connection_->way();
  request.target.insert(0, way.pathPrefix);
  std::ranges::move(way.headers, std::back_inserter(request.headers));
  request.deadline = std::min(call.deadline, clock_.boot() + connection_->cluster().timeout);
  request.cancellation = call.cancellation;
  if (call.requests != nullptr) ++*call.requests;
  auto response = way.transport->send(request);
  ++(*answers_.lock())[{asked.verb, response ? response.value().status : 0}];
  if (!response) return failureOf(response.failure(), asked, call);
  if (response.value().status == 401) connection_->expectChange();
  return std::move(response).value();
}

core::KubeFailure KubeClient::refused(sdk::HttpResponse const& response, Asked const& asked,
                                      Hidden hidden) const {
  return failureOf(response, {.asked = asked, .now = clock_.wall(), .hidden = std::move(hidden)});
}

core::KubeResult<core::Observed> KubeClient::observe(core::TargetId const& target,
                                                     apply::KubeCall const& call) {
  auto const asked = askedFor("get", target);
  auto const reply = send(tableRequest(target), asked, call);
  if (auto const* failure = failureIn(reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status == 200) return parsed(response, parseTable, asked);
  return observed(refused(response, asked));
}

core::KubeResult<core::Observed> KubeClient::observeMetadata(core::TargetId const& target,
                                                             apply::KubeCall const& call) {
  auto const asked = askedFor("get", target);
  auto const reply = send(metadataRequest(target), asked, call);
  if (auto const* failure = failureIn(reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status == 200) return parsed(response, parseObjectMetadata, asked);
  return observed(refused(response, asked));
}

core::KubeResult<apply::ApplyReply> KubeClient::apply(apply::ApplyRequest const& request,
                                                      apply::KubeCall const& call) {
  auto const asked = askedFor("patch", request.target);
  auto const reply = send(applyRequest(request), asked, call);
  if (auto const* failure = failureIn(reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status != 200 && response.status != 201) {
    return refused(response, asked,
                   [&](std::string_view text) { return repeatsValue(text, request.data); });
  }
  auto const parse = request.dryRun ? parseDryRunMetadata : parseObjectMetadata;
  auto object = parse(response.body.reveal());
  if (!object) return unreadable(response.status, asked);
  return apply::ApplyReply{.created = response.status == 201, .object = *std::move(object)};
}

core::KubeResult<core::Observed> KubeClient::patch(sdk::HttpRequest&& request, Asked const& asked,
                                                   apply::KubeCall const& call) {
  auto const reply = send(std::move(request), asked, call);
  if (auto const* failure = failureIn(reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status == 200) return parsed(response, parseObjectMetadata, asked);
  return refused(response, asked);
}

core::KubeResult<core::Observed> KubeClient::releaseKeys(apply::KeyChange const& change,
                                                         apply::KubeCall const& call) {
  auto const asked = askedFor("get", change.target);
  auto const reply = send(metadataRequest(change.target), asked, call);
  if (auto const* failure = failureIn(reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status != 200) return refused(response, asked);
  auto released = releasedManagedFields(response.body.reveal(), change);
  if (!released) return unreadable(response.status, asked);
  if (released->before.uid != change.uid ||
      released->before.resourceVersion != change.resourceVersion) {
    return changedMeanwhile(asked);
  }
  if (!released->managedFields) return std::move(released->before);
  return patch(mergePatchRequest(change, managedFieldsBody(change, *released->managedFields)),
               askedFor("patch", change.target), call);
}

core::KubeResult<core::Observed> KubeClient::removeKeys(apply::KeyChange const& change,
                                                        apply::KubeCall const& call) {
  return patch(mergePatchRequest(change, removeKeysBody(change)), askedFor("patch", change.target),
               call);
}

core::KubeResult<bool> KubeClient::remove(apply::KeyChange const& change,
                                          apply::KubeCall const& call) {
  auto const asked = askedFor("delete", change.target);
  auto const reply = send(deleteRequest(change), asked, call);
  if (auto const* failure = failureIn(reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status == 200 || response.status == 202) return true;
  auto failure = refused(response, asked);
  bool const absent =
      response.status == 404 && (failure.kind == core::KubeFailureKind::changed ||
                                 failure.kind == core::KubeFailureKind::namespace_absent);
  if (absent) return false;
  return failure;
}

core::KubeResult<ServerVersion> KubeClient::serverVersion(apply::KubeCall const& call) {
  Asked const asked{.verb = "get", .resource = "/version"};
  sdk::HttpRequest request;
  request.target = "/version";
  request.headers.push_back({.name = "Accept", .value = "application/json"});
  auto const reply = send(std::move(request), asked, call);
  if (auto const* failure = failureIn(reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status != 200) return refused(response, asked);
  auto version = parseServerVersion(response.body.reveal());
  if (!version) return unreadable(response.status, asked);
  version->date = response.header("date");
  return *std::move(version);
}

core::KubeResult<sdk::ServiceAccountToken> KubeClient::requestToken(
    sdk::ServiceAccountTokenRequest const& request) {
  Asked const asked{.verb = "create",
                    .resource = "serviceaccounts/token",
                    .namespaceName = request.namespaceName,
                    .name = request.serviceAccount};
  apply::KubeCall const call{.deadline = request.deadline, .cancellation = request.cancellation};
  auto const reply = send(tokenRequest(request), asked, call);
  if (auto const* failure = failureIn(reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status != 200 && response.status != 201) return refused(response, asked);
  auto token = parseTokenReply(response.body.reveal());
  if (!token) return unreadable(response.status, asked);
  return *std::move(token);
}

std::unique_ptr<KubeClient> openClient(core::ClusterConfig const& cluster,
                                       ConnectionSettings settings) {
  auto const& clock = *settings.clock;
  return std::make_unique<KubeClient>(std::make_shared<Connection>(cluster, std::move(settings)),
                                      clock);
}

}  // namespace kms_secretd::kube

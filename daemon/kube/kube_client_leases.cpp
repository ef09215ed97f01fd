// SPDX-License-Identifier: Apache-2.0
// The client's part that speaks of Leases.
#include "kube/kube_client.hpp"

#include <utility>
#include <variant>

namespace kms_secretd::kube {
namespace {

Asked askedFor(char const* verb, core::LeasePlace const& place) {
  return {
      .verb = verb, .resource = "leases", .namespaceName = place.namespaceName, .name = place.name};
}

core::KubeResult<Lease> parsed(sdk::HttpResponse const& response, Asked const& asked) {
  auto lease = parseLease(response.body.reveal());
  if (!lease) return unreadable(response.status, asked);
  return *std::move(lease);
}

}  // namespace

core::KubeResult<std::optional<Lease>> KubeClient::readLease(core::LeasePlace const& place,
                                                             apply::KubeCall const& call) {
  auto const asked = askedFor("get", place);
  auto const reply = send(readLeaseRequest(place), asked, call);
  if (auto const* failure = std::get_if<core::KubeFailure>(&reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status == 200) {
    auto result = parsed(response, asked);
    if (auto* failure = std::get_if<core::KubeFailure>(&result)) return std::move(*failure);
    return std::optional(std::get<Lease>(std::move(result)));
  }
  auto failure = refused(response, asked);
  bool const absent = failure.status == 404 && failure.kind == core::KubeFailureKind::changed;
  if (absent) return std::optional<Lease>();
  return failure;
}

core::KubeResult<Lease> KubeClient::writeLease(core::LeasePlace const& place, Lease const& lease,
                                               apply::KubeCall const& call) {
  auto const asked = askedFor(lease.resourceVersion.empty() ? "create" : "update", place);
  auto const reply = send(writeLeaseRequest(place, lease), asked, call);
  if (auto const* failure = std::get_if<core::KubeFailure>(&reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status == 200 || response.status == 201) return parsed(response, asked);
  return refused(response, asked);
}

}  // namespace kms_secretd::kube

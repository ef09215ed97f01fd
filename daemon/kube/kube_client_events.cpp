// SPDX-License-Identifier: Apache-2.0
// The client's part that speaks of Events.
#include "kube/kube_client.hpp"

#include <variant>

namespace kms_secretd::kube {

core::KubeResult<bool> KubeClient::writeEvent(core::ClusterEventWrite const& write,
                                              EventSource const& source,
                                              apply::KubeCall const& call) {
  Asked const asked{.verb = write.isNew ? "create" : "patch",
                    .resource = "events",
                    .namespaceName = write.event.about.namespaceName};
  auto const reply = send(eventRequest(write, source), asked, call);
  if (auto const* failure = std::get_if<core::KubeFailure>(&reply)) return *failure;
  auto const& response = std::get<sdk::HttpResponse>(reply);
  if (response.status == 200 || response.status == 201) return true;
  // Sent twice after a lost answer, a new one meets itself.
  if (write.isNew && response.status == 409) return true;
  if (!write.isNew && response.status == 404) return false;
  return refused(response, asked);
}

}  // namespace kms_secretd::kube

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <kms-secretd/clock.hpp>
#include <kms-secretd/host.hpp>
#include <kms-secretd/transport.hpp>

#include "apply/kube_api.hpp"
#include "core/cluster_event.hpp"
#include "core/config.hpp"
#include "core/kube_failure.hpp"
#include "kube/access_review.hpp"
#include "kube/connection.hpp"
#include "kube/event_requests.hpp"
#include "kube/lease.hpp"
#include "kube/server_version.hpp"
#include "kube/status_error.hpp"
#include "platform/guarded.hpp"

namespace kms_secretd::kube {

/// The Kubernetes API of one cluster over HTTP. Every reply is asked for as PartialObjectMetadata
/// or Table: full Secrets are never requested, and one that comes all the same is refused. A
/// request ends at the call's deadline or after the cluster's timeout, whichever is first. Any
/// thread; it does not retry, and keeps nothing but the connection.
class KubeClient final : public apply::KubeApi {
 public:
  /// `connection` is shared with the watches of the same cluster. `clock` outlives the client.
  KubeClient(std::shared_ptr<Connection> connection, sdk::Clock const& clock);

  core::KubeResult<core::Observed> observe(core::TargetId const& target,
                                           apply::KubeCall const& call) override;
  /// One metadata GET; an absent object is a value (`exists` false). No type, no data count.
  core::KubeResult<core::Observed> observeMetadata(core::TargetId const& target,
                                                   apply::KubeCall const& call);
  core::KubeResult<apply::ApplyReply> apply(apply::ApplyRequest const& request,
                                            apply::KubeCall const& call) override;
  core::KubeResult<core::Observed> releaseKeys(apply::KeyChange const& change,
                                               apply::KubeCall const& call) override;
  core::KubeResult<core::Observed> removeKeys(apply::KeyChange const& change,
                                              apply::KubeCall const& call) override;
  core::KubeResult<bool> remove(apply::KeyChange const& change,
                                apply::KubeCall const& call) override;

  /// GET /version. Give the answer to tooOld() to refuse servers that cannot do what we need.
  /// `invalid_response` where something else came.
  core::KubeResult<ServerVersion> serverVersion(apply::KubeCall const& call);
  /// Asks whether we have a right (SelfSubjectAccessReview).
  core::KubeResult<Access> mayI(Right const& right, apply::KubeCall const& call);
  /// TokenRequest of a ServiceAccount (authentication.k8s.io/v1, POST serviceaccounts/NAME/token).
  core::KubeResult<sdk::ServiceAccountToken> requestToken(
      sdk::ServiceAccountTokenRequest const& request);

  /// One GET of a Lease; an absent one is a value.
  core::KubeResult<std::optional<Lease>> readLease(core::LeasePlace const& place,
                                                   apply::KubeCall const& call);
  /// Writes a Lease: a new one (POST), or in place of the one whose resourceVersion it carries
  /// (PUT). `changed` where another write came first.
  core::KubeResult<Lease> writeLease(core::LeasePlace const& place, Lease const& lease,
                                     apply::KubeCall const& call);

  /// Writes one Event. False where the one to be counted is gone: write it anew.
  core::KubeResult<bool> writeEvent(core::ClusterEventWrite const& write, EventSource const& source,
                                    apply::KubeCall const& call);

  /// The way to the cluster, for watches and the status.
  [[nodiscard]] std::shared_ptr<Connection> const& connection() const noexcept {
    return connection_;
  }
  /// How many requests were answered, by verb and HTTP status; 0 = not answered. Watches are not
  /// among them.
  [[nodiscard]] std::map<std::pair<std::string, int>, std::uint64_t> answers() const {
    return *answers_.lock();
  }

 private:
  core::KubeResult<sdk::HttpResponse> send(sdk::HttpRequest&& request, Asked const& asked,
                                           apply::KubeCall const& call);
  core::KubeFailure refused(sdk::HttpResponse const& response, Asked const& asked,
                            Hidden hidden = {}) const;
  core::KubeResult<core::Observed> patch(sdk::HttpRequest&& request, Asked const& asked,
                                         apply::KubeCall const& call);

  std::shared_ptr<Connection> connection_;
  sdk::Clock const& clock_;
  mutable platform::Guarded<std::map<std::pair<std::string, int>, std::uint64_t>> answers_{};
};

/// A client for `cluster` as its kubeconfig says. Opens no connection yet. Throws KubeconfigError
/// where kubeconfig or the files that it names cannot be used (cannot start).
[[nodiscard]] std::unique_ptr<KubeClient> openClient(core::ClusterConfig const& cluster,
                                                     ConnectionSettings settings);

}  // namespace kms_secretd::kube

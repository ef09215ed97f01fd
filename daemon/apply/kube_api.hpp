// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <kms-secretd/cancellation.hpp>
#include <kms-secretd/clock.hpp>

#include "core/kube_failure.hpp"
#include "core/names.hpp"
#include "core/observed.hpp"
#include "core/rendered.hpp"

namespace kms_secretd::apply {

/// Bounds of one request.
struct KubeCall {
  sdk::BootTime deadline{};
  sdk::Cancellation const* cancellation = nullptr;  ///< optional, outlives the call
  std::uint32_t* requests = nullptr;                ///< optional: grows by what is sent
};

/// One server-side apply of a Secret (PATCH application/apply-patch+yaml).
struct ApplyRequest {
  core::TargetId target{};
  std::string fieldManager{};
  std::string uid{};              ///< sent in metadata where not empty
  std::string resourceVersion{};  ///< sent in metadata where not empty
  bool force = false;
  bool dryRun = false;
  std::string type{};      ///< sent where not empty
  bool immutable = false;  ///< sent where true
  std::map<std::string, std::string> labels{};
  std::map<std::string, std::string> annotations{};
  std::span<core::RenderedKey const> data{};  ///< all empty: declares nothing (withdrawal)
};

/// The server's answer to an apply.
struct ApplyReply {
  bool created = false;     ///< 201 (else 200)
  core::Observed object{};  ///< from the reply's PartialObjectMetadata; no type, no data count
};

/// A change of an object that must still be the one observed.
struct KeyChange {
  core::TargetId target{};
  std::string uid{};
  std::string resourceVersion{};
  std::string fieldManager{};              ///< ours
  std::vector<std::string> keys{};         ///< data keys
  std::vector<std::string> labels{};       ///< only for releaseKeys
  std::vector<std::string> annotations{};  ///< only for releaseKeys
};

/// The few things that the daemon does with a Kubernetes API server, each one HTTP exchange or a
/// short fixed sequence of them. Replies are asked for as metadata; Secret data is never read.
/// Implementations may be called from several threads; they do not retry and do not wait beyond
/// `call.deadline`.
class KubeApi {
 public:
  virtual ~KubeApi() = default;
  /// One GET as Table with metadata. An absent object is a value (`exists` false).
  virtual core::KubeResult<core::Observed> observe(core::TargetId const& target,
                                                   KubeCall const& call) = 0;
  /// One server-side apply.
  virtual core::KubeResult<ApplyReply> apply(ApplyRequest const& request, KubeCall const& call) = 0;
  /// Takes `keys`, `labels` and `annotations` out of every managedFields entry that is not our
  /// Apply entry: a metadata GET and one merge patch with uid and resourceVersion. An entry left
  /// with nothing but "." under f:data, f:labels or f:annotations loses that map altogether, for
  /// the server would read it as the whole map. Nothing to take out is success without a patch.
  virtual core::KubeResult<core::Observed> releaseKeys(KeyChange const& change,
                                                       KubeCall const& call) = 0;
  /// Removes `keys` from data: one merge patch
  /// {"metadata":{uid,resourceVersion},"data":{"k":null}}.
  virtual core::KubeResult<core::Observed> removeKeys(KeyChange const& change,
                                                      KubeCall const& call) = 0;
  /// Deletes with uid and resourceVersion as preconditions. Absent already is success (true = was
  /// deleted by this call).
  virtual core::KubeResult<bool> remove(KeyChange const& change, KubeCall const& call) = 0;
};

}  // namespace kms_secretd::apply

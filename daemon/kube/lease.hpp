// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <kms-secretd/clock.hpp>
#include <kms-secretd/transport.hpp>

#include "core/lease.hpp"

namespace kms_secretd::kube {

/// A Lease (coordination.k8s.io/v1). What others keep in it (labels, owners, fields of newer
/// servers) goes back as it came.
struct Lease {
  core::LeaseRecord record{};
  std::map<std::string, std::string> annotations{};
  std::string resourceVersion{};   ///< empty: not in the cluster yet
  boost::json::object document{};  ///< as it was read; only for leaseRequest()
};

/// Reads a Lease; nothing where the text is none, or names no resourceVersion. Pure, as all here;
/// any thread.
[[nodiscard]] std::optional<Lease> parseLease(std::string_view text);

/// A GET of the Lease.
[[nodiscard]] sdk::HttpRequest readLeaseRequest(core::LeasePlace const& place);
/// What writes `lease`: a POST where it has no resourceVersion, else a PUT that the server refuses
/// (409) where another write came first.
[[nodiscard]] sdk::HttpRequest writeLeaseRequest(core::LeasePlace const& place, Lease const& lease);

/// "2026-11-24T01:34:13.250000Z" (metav1.MicroTime).
[[nodiscard]] std::string microTime(sdk::WallTime time);

}  // namespace kms_secretd::kube

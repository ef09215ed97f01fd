// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <kms-secretd/transport.hpp>

#include "core/cluster_event.hpp"

namespace kms_secretd::kube {

/// Who tells an Event: this component, on this node.
struct EventSource {
  std::string component = "kms-secretd";
  std::string node{};
};

/// The write of one Event (core/v1: see docs/decisions): a POST where it is new, else a merge patch
/// of count, time and message. Either may be sent twice: the name is fixed and the count absolute.
/// Pure; any thread.
[[nodiscard]] sdk::HttpRequest eventRequest(core::ClusterEventWrite const& write,
                                            EventSource const& source);

}  // namespace kms_secretd::kube
